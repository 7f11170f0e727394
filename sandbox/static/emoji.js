/** The common emoji by Slack's names. */

const TABLE = `
warning ⚠️|white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌
negative_squared_cross_mark ❎|hourglass ⌛|hourglass_flowing_sand ⏳|watch ⌚|alarm_clock ⏰|stopwatch ⏱️
timer_clock ⏲️|clock1 🕐|calendar 📆|date 📅|spiral_calendar_pad 🗓️|wastebasket 🗑️|lock 🔒|unlock 🔓
closed_lock_with_key 🔐|key 🔑|eyes 👀|eye 👁️|octagonal_sign 🛑|no_entry ⛔|no_entry_sign 🚫|stop_sign 🛑
question ❓|grey_question ❔|exclamation ❗|heavy_exclamation_mark ❗|bangbang ‼️|rotating_light 🚨
information_source ℹ️|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|speech_balloon 💬|thought_balloon 💭|iphone 📱
telephone_receiver 📞|phone ☎️|envelope ✉️|email 📧|incoming_envelope 📨|inbox_tray 📥|outbox_tray 📤
mailbox 📫|memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|page_facing_up 📄|notebook 📓|book 📖|bookmark 🔖|label 🏷️
pushpin 📌|link 🔗|mag 🔍|mag_right 🔎|gear ⚙️|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|shield 🛡️|robot_face 🤖
bust_in_silhouette 👤|busts_in_silhouette 👥|wave 👋|+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|raised_hand ✋|hand ✋
point_right 👉|point_left 👈|point_up ☝️|point_down 👇|ok_hand 👌|clap 👏|pray 🙏|muscle 💪|tada 🎉|rocket 🚀
fire 🔥|boom 💥|sparkles ✨|star ⭐|zap ⚡|bulb 💡|heart ❤️|smile 😄|slightly_smiling_face 🙂|thinking_face 🤔
sweat_smile 😅|cry 😢|scream 😱|skull 💀|ghost 👻|red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡
large_green_circle 🟢|large_blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫
large_red_square 🟥|large_green_square 🟩|small_red_triangle 🔺|small_blue_diamond 🔹|arrow_right ➡️
arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrows_counterclockwise 🔄|repeat 🔁|leftwards_arrow_with_hook ↩️
arrow_forward ▶️|double_vertical_bar ⏸️|pause_button ⏸️|black_square_for_stop ⏹️|track_next ⏭️
fast_forward ⏩|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|package 📦|truck 🚚
office 🏢|house 🏠|globe_with_meridians 🌐|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|100 💯
heavy_plus_sign ➕|heavy_minus_sign ➖|recycle ♻️|test_tube 🧪|scales ⚖️|judge 🧑‍⚖️|man-raising-hand 🙋‍♂️
woman-raising-hand 🙋‍♀️|raising_hand 🙋|see_no_evil 🙈|zzz 💤|broom 🧹|coffin ⚰️|snowflake ❄️|sunny ☀️
`;

const EMOJI = new Map(
  TABLE.trim()
    .split(/[|\n]/)
    .map((entry) => entry.split(" ")),
);

/** The character of `:name:`, or undefined. Skin tones (`wave::skin-tone-2`) are ignored. */
export const emoji = (name) => EMOJI.get(name.split("::")[0]);
