// The page: who one is, which chat is open, and what happens in it.

import { composer, popup } from "./composer.js";
import { messageLog } from "./log.js";
import { act, follow, read, Refused, upload } from "./net.js";
import { clock, colour, summary } from "./render.js";
import { el } from "./text.js";

const $ = (id) => document.getElementById(id);
const ROLES = { learner: "Learner", instructor: "Instructor", admin: "Admin" };
const PRESS_SECONDS = 15;

const here = { bot: null, group: null, people: [], me: null, inGroup: false, blocked: false, commands: {}, source: null };
const previews = new Map();
const unread = new Map();
const pressed = new Map();
let visit = 0;

const chatId = () => (here.inGroup ? here.group.id : here.me.id);

// --- passing words
function toast(text, wrong = false) {
  const node = el("div", wrong ? "toast wrong" : "toast", text);
  $("toasts").replaceChildren(node);
  setTimeout(() => node.classList.add("gone"), 3200);
  setTimeout(() => node.remove(), 3600);
}

function alertBox(text) {
  $("alert-title").textContent = here.bot.first_name;
  $("alert-text").textContent = text;
  $("alert").showModal();
}

async function attempt(work) {
  try {
    await work();
    return true;
  } catch (error) {
    toast(error instanceof Refused ? error.message : "The bot's process does not answer. Is it still running?", true);
    return false;
  }
}

// --- what a person does
const send = (text) => attempt(() => act(here.me.id, "send", { text, chat: chatId() }));

async function start(payload = "") {
  if (here.blocked) await attempt(() => act(here.me.id, "unblock", {}));
  await send(payload ? `/start ${payload}` : "/start");
  $("input").focus();
}

async function press(message, button, node) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  const rest = () => node.removeAttribute("aria-busy");
  await attempt(async () => {
    const { query_id: id } = await act(here.me.id, "press", { message_id: message.message_id, data: button.callback_data });
    if (pressed.get(id) === "answered") rest(); else pressed.set(id, rest);
    setTimeout(() => { pressed.delete(id); rest(); }, PRESS_SECONDS * 1000);
  }).then((done) => done || rest());
}

const on = {
  press,
  command: (text) => send(text),
  edit: (message) => writer.startEdit(message),
  vote: (poll, options) => attempt(() => act(here.me.id, "vote", { poll_id: poll, options })),
  copy: async (text) => { await navigator.clipboard.writeText(text); toast("Copied"); },
  unable: () => toast("This kind of button works in Telegram only.", true),
  photo: (url, alt) => {
    $("lightbox-picture").src = url;
    $("lightbox-picture").alt = alt;
    $("lightbox").showModal();
  },
  link: (raw) => {
    const url = new URL(raw);
    const ours = ["t.me", "telegram.me"].includes(url.hostname) && url.pathname.slice(1).toLowerCase() === here.bot.username.toLowerCase();
    if (ours) enter(here.me, false).then(() => { if (url.searchParams.has("start")) start(url.searchParams.get("start")); });
    return ours;
  },
};

const log = messageLog(on, (before) => read("messages", { person: here.me.id, chat: chatId(), before }));
const writer = composer({
  send,
  edit: (id, text) => attempt(() => act(here.me.id, "edit", { message_id: id, text })),
  file: (file, kind, caption) => attempt(() => upload(here.me.id, chatId(), file, kind, caption)),
  other: (action, body) => attempt(() => act(here.me.id, action, { ...body, chat: chatId() })),
  lastOwn: () => log.lastOwn(),
});

// --- what happens
function happened(change) {
  const { kind, chat, body } = change;
  const current = chat === chatId();
  if (kind === "reset") { enter(here.me, here.inGroup); return; }
  if (kind === "message") {
    previews.set(chat, body);
    if (current) { log.add(body); status(); } else if (body.from.id !== here.me.id) unread.set(chat, (unread.get(chat) || 0) + 1);
    chats();
    foot();
  } else if (kind === "edited") {
    if (previews.get(chat)?.message_id === body.message_id) { previews.set(chat, body); chats(); }
    if (current) { log.edit(body); if (body.from.id !== here.me.id) status(); }
  } else if (kind === "deleted" && current) {
    log.remove(body.message_id);
    foot();
  } else if (kind === "toast") {
    const rest = pressed.get(body.query_id);
    if (rest) rest(); else pressed.set(body.query_id, "answered");
    if (body.text && body.alert) alertBox(body.text); else if (body.text) toast(body.text);
  } else if (kind === "typing" && current) {
    log.typing();
    status(body.action === "typing" ? "typing…" : `${body.action.replaceAll("_", " ").replace("upload", "sending")}…`);
  } else if (kind === "draft" && current) {
    log.draft(body);
  } else if (kind === "person") {
    here.blocked = body.blocked;
    foot();
  } else if (kind === "commands") {
    read("state", { person: here.me.id }).then((state) => { here.commands = state.commands; offerCommands(); });
  }
}

let statusTimer = 0;
function status(text = "") {
  clearTimeout(statusTimer);
  $("head-status").textContent = text || (here.inGroup ? `${here.people.length + 1} members` : "bot");
  $("head-status").classList.toggle("busy", text !== "");
  if (text) statusTimer = setTimeout(status, 5000);
}

// --- what is shown around the messages
function avatar(node, name, id, className = "") {
  const isBot = id === here.bot.id;
  node.replaceChildren(isBot ? el("img", "", null, { src: "icon.svg", alt: "" }) : [...name][0].toUpperCase());
  node.className = `avatar ${isBot ? "face" : colour(id)} ${className}`;
}

function people() {
  $("people").replaceChildren(...here.people.map((person) => {
    const current = person.id === here.me.id;
    const node = el("button", "person", null, { type: "button", role: "radio", "aria-checked": String(current) });
    node.tabIndex = current ? 0 : -1;
    const face = el("span", "", null, { "aria-hidden": "true" });
    avatar(face, person.first_name, person.id);
    node.append(face, el("strong", "", person.first_name), el("small", "", ROLES[person.role] || person.role));
    node.addEventListener("click", () => enter(person, here.inGroup));
    return node;
  }));
}

$("people").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = here.people.findIndex((person) => person.id === here.me.id);
  const next = (at + step + here.people.length) % here.people.length;
  enter(here.people[next], here.inGroup).then(() => $("people").children[next].focus());
});

function chats() {
  const held = $("chats").contains(document.activeElement) ? [...$("chats").querySelectorAll("button")].indexOf(document.activeElement) : -1;
  const list = [[false, here.bot.first_name, here.me.id, here.bot.id], [true, here.group.title, here.group.id, here.group.id]];
  $("chats").replaceChildren(...list.map(([isGroup, title, id, face]) => {
    const item = el("li");
    const node = el("button", "chat-item", null, { type: "button" });
    if (isGroup === here.inGroup) node.setAttribute("aria-current", "true");
    const picture = el("span", "", null, { "aria-hidden": "true" });
    avatar(picture, title, face);
    const last = previews.get(id);
    const words = el("span", "chat-words");
    const line = el("span", "chat-line");
    line.append(el("strong", "", title), el("time", "", last ? clock(last.date) : ""));
    const who = last && isGroup ? `${last.from.first_name}: ` : "";
    words.append(line, el("span", "preview", last ? who + summary(last).split("\n")[0] : "No messages yet"));
    node.append(picture, words);
    if (unread.get(id)) node.append(el("span", "badge", unread.get(id), { "aria-label": `${unread.get(id)} unread` }));
    node.addEventListener("click", () => enter(here.me, isGroup));
    item.append(node);
    return item;
  }));
  if (held >= 0) $("chats").querySelectorAll("button")[held].focus();
}

function foot() {
  const fresh = !here.inGroup && log.isEmpty();
  const stopped = !here.inGroup && here.blocked;
  const began = document.activeElement === $("begin");
  $("begin").hidden = !(fresh || stopped);
  $("begin").textContent = stopped ? "Restart bot" : "Start";
  $("composer").hidden = fresh || stopped;
  if (began && !$("composer").hidden) $("input").focus();
  const welcome = $("log").querySelector(".welcome");
  if (!fresh) { welcome?.remove(); return; }
  if (welcome) return;
  const card = el("div", "welcome");
  const face = el("span", "", null, { "aria-hidden": "true" });
  avatar(face, here.bot.first_name, here.bot.id, "big");
  card.append(face, el("strong", "", here.bot.first_name), el("p", "", here.description || "Press Start, and the bot says hello."));
  $("log").append(card);
}

function offerCommands() {
  writer.setCommands(here.commands[here.inGroup ? "group" : "private"] || []);
}

// --- coming in
async function enter(person, inGroup) {
  visit += 1;
  const mine = visit;
  const other = person.id !== here.me?.id;
  const elsewhere = other || inGroup !== here.inGroup;
  const [state, page, aside] = await Promise.all([
    read("state", { person: person.id }),
    read("messages", { person: person.id, chat: inGroup ? here.group.id : person.id }),
    read("messages", { person: person.id, chat: inGroup ? person.id : here.group.id, limit: 1 }),
  ]);
  if (mine !== visit) return;
  if (other) unread.clear();
  Object.assign(here, { me: person, inGroup, blocked: state.blocked, commands: state.commands, description: state.description });
  unread.delete(chatId());
  localStorage.setItem("person", person.id);
  localStorage.setItem("group", inGroup ? "yes" : "");
  previews.clear();
  for (const message of [aside.messages.at(-1), page.messages.at(-1)]) if (message) previews.set(message.chat.id, message);
  const title = inGroup ? here.group.title : here.bot.first_name;
  $("head-title").textContent = title;
  avatar($("head-avatar"), title, inGroup ? here.group.id : here.bot.id);
  avatar($("me"), person.first_name, person.id, "small");
  $("me").title = `You are ${person.first_name}`;
  document.title = `${title} · ${person.first_name}`;
  $("chat").classList.toggle("group", inGroup);
  log.show(page, person.id, inGroup);
  if (elsewhere) writer.reset();
  status();
  people();
  chats();
  offerCommands();
  foot();
  side(false);
  here.source?.close();
  here.source = follow(person.id, page.last, happened, connection);
  if (elsewhere && matchMedia("(hover: hover)").matches) ($("begin").hidden ? $("input") : $("begin")).focus();
}

/** The browser reconnects by itself unless it was refused; then we do. */
function connection(fine) {
  $("offline").hidden = fine;
  if (fine || here.source?.readyState !== EventSource.CLOSED) return;
  setTimeout(() => enter(here.me, here.inGroup).catch(() => connection(false)), 2000);
}

function side(open) {
  document.body.classList.toggle("side-open", open);
  $("shade").hidden = !open;
  if (open) $("side").querySelector("[aria-current]").focus();
}

function theme(next) {
  if (next) localStorage.setItem("theme", next);
  const chosen = localStorage.getItem("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
}

$("begin").addEventListener("click", () => start());
$("side-open").addEventListener("click", () => side(true));
$("side-close").addEventListener("click", () => { side(false); $("side-open").focus(); });
$("shade").addEventListener("click", () => side(false));
addEventListener("keydown", (event) => { if (event.key === "Escape" && !$("shade").hidden) side(false); });
$("lightbox").addEventListener("click", () => $("lightbox").close());
$("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  theme(dark ? "light" : "dark");
});
popup($("more"), $("more-menu"), () => [
  here.blocked
    ? ["✅", "Unblock the bot", () => attempt(() => act(here.me.id, "unblock", {}))]
    : ["🚫", "Block the bot", () => attempt(() => act(here.me.id, "block", {}))],
  ["🌗", "As the system: light or dark", () => { localStorage.removeItem("theme"); delete document.documentElement.dataset.theme; }],
]);

theme();
const first = await read("state");
Object.assign(here, { bot: first.bot, group: first.group, people: first.people });
const known = here.people.find((person) => String(person.id) === localStorage.getItem("person"));
await enter(known || here.people[0], localStorage.getItem("group") === "yes");
