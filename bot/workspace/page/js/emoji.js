// A small common set of Slack's emoji names. What is not in here stays as :name:.

const TABLE = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|wave 👋|clap 👏|pray 🙏|muscle 💪|raised_hands 🙌|raised_hand ✋|raising_hand 🙋|ok_hand 👌
point_right 👉|point_left 👈|point_up ☝️|point_down 👇|handshake 🤝|writing_hand ✍️|eyes 👀|footprints 👣
smile 😄|grinning 😀|slightly_smiling_face 🙂|blush 😊|wink 😉|joy 😂|thinking_face 🤔|face_with_monocle 🧐|sweat_smile 😅|confused 😕
disappointed 😞|cry 😢|scream 😱|sunglasses 😎|neutral_face 😐|shrug 🤷|robot_face 🤖|heart ❤️|green_heart 💚|blue_heart 💙|purple_heart 💜
tada 🎉|sparkles ✨|star ⭐|star2 🌟|fire 🔥|rocket 🚀|zap ⚡|100 💯|trophy 🏆|medal 🏅|gift 🎁|balloon 🎈|party_popper 🎉
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|no_entry ⛔|no_entry_sign 🚫|warning ⚠️
exclamation ❗|grey_exclamation ❕|question ❓|grey_question ❔|information_source ℹ️|sos 🆘|rotating_light 🚨|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢
bulb 💡|mag 🔍|mag_right 🔎|link 🔗|pushpin 📌|round_pushpin 📍|paperclip 📎|lock 🔒|unlock 🔓|key 🔑|shield 🛡️
ticket 🎫|admission_tickets 🎟️|label 🏷️|bookmark 🔖|clipboard 📋|memo 📝|pencil 📝|pencil2 ✏️|page_facing_up 📄|page_with_curl 📃|scroll 📜|newspaper 📰
book 📖|books 📚|notebook 📓|closed_book 📕|green_book 📗|blue_book 📘|orange_book 📙|file_folder 📁|open_file_folder 📂|card_index_dividers 🗂️|card_file_box 🗃️
speech_balloon 💬|left_speech_bubble 🗨️|thought_balloon 💭|email 📧|envelope ✉️|incoming_envelope 📨|inbox_tray 📥|outbox_tray 📤|phone ☎️|telephone_receiver 📞
calendar 📅|date 📅|spiral_calendar_pad 🗓️|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|timer_clock ⏲️|alarm_clock ⏰|clock1 🕐|clock3 🕒|clock9 🕘|watch ⌚
bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|chart 💹|abacus 🧮|moneybag 💰|receipt 🧾|credit_card 💳|euro 💶|pound 💷|dollar 💵
busts_in_silhouette 👥|bust_in_silhouette 👤|technologist 🧑‍💻|female-teacher 👩‍🏫|teacher 🧑‍🏫|mortar_board 🎓|office 🏢|house 🏠|briefcase 💼
computer 💻|desktop_computer 🖥️|keyboard ⌨️|iphone 📱|printer 🖨️|floppy_disk 💾|gear ⚙️|wrench 🔧|hammer_and_wrench 🛠️|toolbox 🧰|package 📦|electric_plug 🔌|battery 🔋
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|arrow_right_hook ↪️|leftwards_arrow_with_hook ↩️|arrows_counterclockwise 🔄|repeat 🔁|back 🔙|soon 🔜|new 🆕|ok 🆗|up 🆙|recycle ♻️
red_circle 🔴|large_red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫
large_red_square 🟥|large_orange_square 🟧|large_yellow_square 🟨|large_green_square 🟩|large_blue_square 🟦|small_blue_diamond 🔹|small_orange_diamond 🔸|black_small_square ▪️|white_small_square ▫️
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|sunny ☀️|cloud ☁️|umbrella ☔|seedling 🌱|herb 🌿|four_leaf_clover 🍀|deciduous_tree 🌳|coffee ☕|pizza 🍕|cake 🍰
zzz 💤|checkered_flag 🏁|triangular_flag_on_post 🚩|construction 🚧|traffic_light 🚥|stop_sign 🛑|octagonal_sign 🛑|compass 🧭|world_map 🗺️|globe_with_meridians 🌐|earth_africa 🌍
test_tube 🧪|microscope 🔬|dart 🎯|jigsaw 🧩|puzzle_piece 🧩|ambulance 🚑|adhesive_bandage 🩹|lifebuoy 🛟|ring_buoy 🛟|fire_extinguisher 🧯|broom 🧹|wastebasket 🗑️|art 🎨|see_no_evil 🙈|beetle 🪲|bug 🐛`;

const EMOJI = new Map(TABLE.trim().split(/[|\n]/).map((entry) => entry.trim().split(" ")));

/** The ones offered for reactions. */
export const COMMON = [
  "+1", "-1", "white_check_mark", "eyes", "raised_hands", "pray", "tada", "heart", "smile", "thinking_face", "confused",
  "wave", "bulb", "question", "warning", "rotating_light", "hourglass", "rocket", "fire", "100", "clap", "x", "memo", "sparkles",
];

/** The character for a name without its colons (skin tones are dropped), or null. */
export function emoji(name) {
  return EMOJI.get(name.replace(/::skin-tone-\d$/, "")) ?? null;
}

export const emojiOrName = (name) => emoji(name) ?? `:${name}:`;
