// A message as a bubble. Everything that can be tapped is told to `on`.

import { fileUrl } from "./net.js";
import { el, fill, safeUrl } from "./text.js";

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const BIG_EMOJI = /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\u200d\p{Extended_Pictographic}|\ufe0f)*){1,3}$/u;

export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}

export function day(seconds) {
  const date = new Date(seconds * 1000);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return "Today";
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString("en", { day: "numeric", month: "long", year });
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

/** A line that says what a message is, for lists and for reading aloud. */
export function summary(message) {
  if (message.text) return message.text;
  if (message.poll) return `📊 ${message.poll.question}`;
  if (message.photo) return `🖼 ${message.caption || "Photo"}`;
  if (message.document) return `📎 ${message.document.file_name}`;
  if (message.sticker) return `${message.sticker.emoji} Sticker`;
  if (message.voice) return "🎤 Voice message";
  return message.location ? "📍 Location" : "Message";
}

/** The class of the colour that belongs to a chat or a person. */
export function colour(id) {
  return `c${id < 0 ? 2 : Math.abs(id) % 6}`;
}

/** Fill `row` with the bubble of `message`. `mine`: sent by whoever looks; `named`: show who wrote it. */
export function draw(row, message, { mine, named, on }) {
  row.replaceChildren();
  row.className = `message ${mine ? "mine" : "theirs"}`;
  const bubble = el("div", "bubble");
  if (named) bubble.append(el("div", `sender ${message.from.is_bot ? "" : colour(message.from.id)}`, message.from.first_name));
  if (message.reply_to_message) bubble.append(quoted(message.reply_to_message));
  media(bubble, message, on);
  const text = message.text ?? message.caption;
  const body = text ? el("div", "text") : null;
  if (body) {
    if (message.text && BIG_EMOJI.test(text)) body.classList.add("emoji");
    if (RIGHT_TO_LEFT.test(text)) body.classList.add("either-way");
    fill(body, text, message.entities ?? message.caption_entities, on);
    bubble.append(body);
  }
  const edited = mine && message.edit_date ? "edited " : "";
  bubble.append(el("span", "time", `${edited}${clock(message.date)}`));
  if (message.sticker || body?.matches(".emoji")) bubble.classList.add("plain");
  if (message.photo && !text) bubble.classList.add("bare");
  if (message.photo) bubble.classList.add("with-photo");
  const column = el("div", "column");
  column.append(bubble);
  if (message.reply_markup?.inline_keyboard) {
    column.append(keyboard(message, on));
    column.classList.add("with-keyboard");
  }
  row.append(column);
  if (mine && message.text) row.append(pencil(message, on));
  row.setAttribute("aria-label", `${mine ? "You" : message.from.first_name}, ${clock(message.date)}`);
  for (const quote of row.querySelectorAll("blockquote.folded")) foldIfLong(quote);
}

function foldIfLong(quote) {
  requestAnimationFrame(() => {
    const body = quote.firstChild;
    quote.classList.toggle("short", body.scrollHeight <= body.clientHeight + 2);
  });
}

function quoted(message) {
  const box = el("div", "quoted");
  box.append(el("strong", "", message.from.first_name), el("span", "", summary(message)));
  return box;
}

function pencil(message, on) {
  const button = el("button", "pencil icon", null, { type: "button", "aria-label": "Edit this message" });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M4 20l1-5L16 4l4 4L9 19z");
  svg.append(path);
  button.append(svg);
  button.addEventListener("click", () => on.edit(message));
  return button;
}

function media(bubble, message, on) {
  if (message.photo) bubble.append(photo(message, on));
  if (message.document) bubble.append(documentLink(message.document));
  if (message.poll) bubble.append(poll(message.poll, on));
  if (message.sticker) bubble.append(el("div", "sticker", message.sticker.emoji || "🙂"));
  if (message.voice) bubble.append(voice(message.voice));
  if (message.location) bubble.append(place(message.location));
}

function photo(message, on) {
  const largest = message.photo[message.photo.length - 1];
  const alt = message.caption || "Photo";
  const image = el("img", "", null, { src: fileUrl(largest.file_id), alt, width: largest.width, height: largest.height });
  const button = el("button", "photo", null, { type: "button", "aria-label": `Open the photo: ${alt}` });
  button.style.aspectRatio = `${largest.width} / ${largest.height}`;
  button.append(image);
  button.addEventListener("click", () => on.photo(fileUrl(largest.file_id), alt));
  return button;
}

function documentLink(file) {
  const link = el("a", "document", null, { href: fileUrl(file.file_id), download: file.file_name });
  const ending = file.file_name.includes(".") ? file.file_name.split(".").pop().slice(0, 4) : "";
  link.append(el("span", "document-icon", ending || "file", { "aria-hidden": "true" }));
  const words = el("span", "document-text");
  words.append(el("strong", "", file.file_name), el("small", "", size(file.file_size)));
  link.append(words);
  return link;
}

function voice(about) {
  const box = el("div", "voice");
  box.append(el("span", "document-icon", "\u25b6\ufe0e", { "aria-hidden": "true" }));
  const bars = el("span", "bars", null, { "aria-hidden": "true" });
  for (let i = 0; i < 26; i += 1) {
    const bar = el("i");
    bar.style.height = `${4 + ((i * 7919) % 17)}px`;
    bars.append(bar);
  }
  const seconds = String(about.duration % 60).padStart(2, "0");
  box.append(bars, el("small", "", `${Math.floor(about.duration / 60)}:${seconds}`));
  return box;
}

function place(location) {
  const box = el("div", "place");
  box.append(el("span", "pin", "📍", { "aria-hidden": "true" }));
  box.append(el("span", "", `${location.latitude.toFixed(4)}, ${location.longitude.toFixed(4)}`));
  return box;
}

function poll(about, on) {
  const box = el("div", "poll");
  const question = el("div", "question");
  fill(question, about.question, about.question_entities, on);
  const kind = about.type === "quiz" ? "quiz" : "poll";
  const label = about.is_closed ? "Final results" : `${about.is_anonymous ? "Anonymous " : ""}${kind}`;
  box.append(question, el("small", "poll-kind", label));
  const list = el("div", "options", null, { role: "group", "aria-label": about.question });
  const done = about.my_vote !== null;
  const picked = new Set(about.my_vote || []);
  about.options.forEach((option, index) => list.append(
    done ? result(about, option, index, picked) : choice(about, option, index, picked, on)));
  box.append(list);
  if (!done && about.allows_multiple_answers) {
    const vote = el("button", "vote", "Vote", { type: "button" });
    vote.addEventListener("click", () => picked.size && on.vote(about.id, [...picked].sort()));
    box.append(vote);
  }
  if (done) {
    if (about.explanation) {
      const why = el("div", "why");
      fill(why, about.explanation, about.explanation_entities, on);
      box.append(why);
    }
    const count = about.total_voter_count;
    box.append(el("small", "votes", count ? `${count} ${count === 1 ? "answer" : "answers"}` : "No answers"));
  }
  return box;
}

function choice(about, option, index, picked, on) {
  const several = about.allows_multiple_answers;
  const button = el("button", "choice", null, several ? { type: "button", "aria-pressed": "false" } : { type: "button" });
  button.append(el("span", "ring", null, { "aria-hidden": "true" }), el("span", "", option.text));
  button.dataset.key = `vote-${index}`;
  button.addEventListener("click", () => {
    if (!several) { on.vote(about.id, [index]); return; }
    if (!picked.delete(index)) picked.add(index);
    button.setAttribute("aria-pressed", String(picked.has(index)));
  });
  return button;
}

function result(about, option, index, picked) {
  const key = about.correct_option_ids || [];
  const right = key.includes(index);
  const mine = picked.has(index);
  const quiz = about.type === "quiz";
  const row = el("div", `result${mine ? " chosen" : ""}${quiz && right ? " right" : ""}${quiz && mine && !right ? " wrong" : ""}`);
  const share = about.total_voter_count ? Math.round((100 * option.voter_count) / about.total_voter_count) : 0;
  const sign = quiz && right ? "✓" : quiz && mine ? "✗" : mine ? "✓" : "";
  row.append(el("span", "share", `${share}%`), el("span", "", option.text), el("span", "sign", sign, { "aria-hidden": "true" }));
  if (sign) row.append(el("span", "unseen", right || !quiz ? (mine ? "your answer, right" : "the right answer") : "your answer, wrong"));
  const bar = el("span", "bar", null, { "aria-hidden": "true" });
  const inner = el("i");
  inner.style.width = `${Math.max(share, 2)}%`;
  bar.append(inner);
  row.append(bar);
  return row;
}

function keyboard(message, on) {
  const box = el("div", "keyboard", null, { role: "group", "aria-label": "Buttons" });
  message.reply_markup.inline_keyboard.forEach((buttons, y) => {
    const row = el("div", "keys");
    buttons.forEach((button, x) => row.append(key(message, button, `${y}-${x}`, on)));
    box.append(row);
  });
  return box;
}

function key(message, button, spot, on) {
  const url = button.url ? safeUrl(button.url) : "";
  const node = url
    ? el("a", "key link", button.text, { href: url, target: "_blank", rel: "noopener noreferrer" })
    : el("button", "key", button.text, { type: "button" });
  if (button.style) node.classList.add(button.style);
  node.dataset.spot = spot;
  node.dataset.key = button.callback_data || button.text;
  node.addEventListener("click", (event) => {
    if (url) { if (on.link(url)) event.preventDefault(); return; }
    if (button.callback_data) on.press(message, button, node);
    else if (button.copy_text) on.copy(button.copy_text.text);
    else on.unable();
  });
  return node;
}
