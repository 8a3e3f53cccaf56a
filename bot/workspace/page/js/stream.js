// Live changes over Server-Sent Events; comes back by itself after the workspace was restarted.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

/** `onChange(change)` for every change, `onUp(again)` when connected, `onDown()` when the connection is lost. */
export function listen({ onChange, onUp, onDown }) {
  let wait = FIRST_WAIT;
  let again = false;

  const connect = () => {
    const source = new EventSource("/workspace/stream");
    source.onopen = () => {
      wait = FIRST_WAIT;
      onUp(again);
      again = true;
    };
    source.onmessage = (event) => onChange(JSON.parse(event.data));
    source.onerror = () => {
      source.close();
      onDown();
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  };

  connect();
}
