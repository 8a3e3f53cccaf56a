// The workspace's API for people. Every failure becomes an Error whose message may be shown.

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The workspace cannot be reached. Is it still running?");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `The workspace answered with ${response.status}.`);
  return body;
}

export function get(what, query = {}) {
  const known = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const search = new URLSearchParams(known);
  return call(`/workspace/${what}?${search}`);
}

export function post(what, body) {
  return call(`/workspace/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}
