// The list of messages: new ones below, older ones above, edits where they are, and what is only passing.

import { day, draw, summary } from "./render.js";
import { el, fill } from "./text.js";

const $ = (id) => document.getElementById(id);
const RUN_SECONDS = 600;
const DAY_HEIGHT = 42; // of the day that stays at the top, with the room around it

/** The log in #log; `on` is told what is tapped; `older(before)` gives a page of earlier messages. */
export function messageLog(on, older) {
  const log = $("log");
  const scroll = $("scroll");
  const rows = new Map();
  let me = 0;
  let group = false;
  let more = false;
  let loading = false;
  let unread = 0;
  let passing = null;
  let passingTimer = 0;

  const mine = (message) => message.from.id === me;
  const nearEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 90;
  const toEnd = (smooth) => scroll.scrollTo({ top: scroll.scrollHeight, behavior: smooth ? "smooth" : "instant" });

  // A text is read from its beginning: one that is taller than the view is shown from its top, clear of the day.
  const fromTop = (row) => {
    scroll.dataset.end = "no";
    scroll.scrollTo({ top: row.offsetTop - DAY_HEIGHT, behavior: "instant" });
  };
  const inView = (row) => row.offsetTop < scroll.scrollTop + scroll.clientHeight && row.offsetTop + row.offsetHeight > scroll.scrollTop;
  const head = (message) => (message.text || message.caption || "").split("\n", 1)[0];

  const paint = (row) => draw(row, row.message, { mine: mine(row.message), named: group && !mine(row.message), on });
  const runs = () => {
    for (const node of log.querySelectorAll(".day")) node.remove();
    const all = [...log.querySelectorAll(".message[data-id]")];
    all.forEach((row, index) => {
      const { message } = row;
      const before = all[index - 1]?.message;
      const after = all[index + 1]?.message;
      const joins = (a, b) => a && b && a.from.id === b.from.id && Math.abs(a.date - b.date) < RUN_SECONDS
        && day(a.date) === day(b.date);
      row.classList.toggle("first", !joins(before, message));
      row.classList.toggle("last", !joins(message, after));
      if (!before || day(before.date) !== day(message.date)) {
        row.before(el("div", "day", day(message.date)));
      }
    });
  };
  const make = (message) => {
    const row = el("article");
    row.message = message;
    row.dataset.id = message.message_id;
    rows.set(message.message_id, row);
    paint(row);
    return row;
  };
  const clearPassing = () => {
    clearTimeout(passingTimer);
    passing?.remove();
    passing = null;
  };
  const showPassing = (bubble, kind, seconds) => {
    const stay = nearEnd();
    if (!passing) { passing = el("div", "message theirs passing last first"); log.append(passing); }
    passing.dataset.kind = kind;
    passing.replaceChildren(bubble);
    clearTimeout(passingTimer);
    passingTimer = setTimeout(clearPassing, seconds * 1000);
    if (stay) toEnd(false);
  };
  const setUnread = (count) => {
    unread = count;
    $("unread").hidden = !count;
    $("unread").textContent = count;
  };

  // The day stays at the top while one scrolls, and then makes room for what it covers.
  let movingTimer = 0;
  const days = () => {
    for (const node of log.querySelectorAll(".day")) {
      node.classList.toggle("stuck", node.nextElementSibling?.offsetTop < scroll.scrollTop + DAY_HEIGHT - 8);
    }
    scroll.classList.add("moving");
    clearTimeout(movingTimer);
    movingTimer = setTimeout(() => scroll.classList.remove("moving"), 900);
  };

  scroll.addEventListener("scroll", async () => {
    days();
    const end = nearEnd();
    $("down").hidden = end;
    if (end) setUnread(0);
    if (scroll.scrollTop > 200 || !more || loading || !rows.size) return;
    loading = true;
    const page = await older(Math.min(...rows.keys())).catch(() => ({ messages: [], more: false }));
    more = page.more;
    const height = scroll.scrollHeight - scroll.scrollTop;
    log.prepend(...page.messages.filter((message) => !rows.has(message.message_id)).map(make));
    runs();
    scroll.scrollTop = scroll.scrollHeight - height;
    loading = false;
  });
  $("down").addEventListener("click", () => toEnd(true));
  new ResizeObserver(() => { if (scroll.dataset.end === "yes") toEnd(false); }).observe(log);
  scroll.addEventListener("scroll", () => { scroll.dataset.end = nearEnd() ? "yes" : "no"; });
  new ResizeObserver(() => { if (scroll.dataset.end === "yes") toEnd(false); }).observe(scroll);
  log.addEventListener("keydown", moveAmongKeys);

  return {
    show(page, person, isGroup) {
      me = person;
      group = isGroup;
      more = page.more;
      rows.clear();
      clearPassing();
      log.replaceChildren(...page.messages.map(make));
      runs();
      setUnread(0);
      scroll.dataset.end = "yes";
      toEnd(false);
    },
    add(message) {
      if (rows.has(message.message_id)) return;
      const stay = nearEnd() || mine(message);
      if (!mine(message)) clearPassing();
      const row = make(message);
      row.classList.add("new");
      if (passing) passing.before(row); else log.append(row);
      runs();
      if (!stay) setUnread(unread + 1);
      else if (!mine(message) && row.offsetHeight > scroll.clientHeight - DAY_HEIGHT) fromTop(row);
      else toEnd(!mine(message));
      if (!mine(message)) $("live").textContent = `${message.from.first_name}: ${summary(message)}`;
    },
    edit(message) {
      const row = rows.get(message.message_id);
      if (!row) return;
      const held = row.contains(document.activeElement) ? document.activeElement.dataset : null;
      const { key, spot } = held || {};
      const kept = [...row.classList].filter((name) => name === "first" || name === "last");
      const another = inView(row) && head(row.message) !== head(message);
      if (!mine(message) && passing?.dataset.kind === "typing") clearPassing();
      row.message = message;
      paint(row);
      row.classList.add(...kept);
      if (another && row.offsetTop < scroll.scrollTop) fromTop(row);
      if (!held) return;
      const keys = [...row.querySelectorAll(".key, .choice")];
      const next = keys.find((node) => node.dataset.key === key) || keys.find((node) => node.dataset.spot === spot) || keys[0];
      (next || $("input")).focus({ preventScroll: true });
      $("live").textContent = summary(message);
    },
    remove(id) {
      const row = rows.get(id);
      if (!row) return;
      rows.delete(id);
      const held = row.contains(document.activeElement);
      row.remove();
      runs();
      if (held) $("input").focus();
    },
    typing() {
      if (passing?.dataset.kind === "draft") return;
      const bubble = el("div", "bubble typing", null, { "aria-hidden": "true" });
      bubble.append(el("i"), el("i"), el("i"));
      showPassing(bubble, "typing", 5);
    },
    draft(body) {
      const bubble = el("div", "bubble draft");
      const text = el("div", body.text ? "text" : "text thinking");
      if (body.text) fill(text, body.text, body.entities, on); else text.textContent = "Thinking…";
      bubble.append(text);
      showPassing(bubble, "draft", 30);
    },
    isEmpty: () => rows.size === 0,
    lastOwn: () => [...rows.values()].map((row) => row.message).filter((message) => mine(message) && message.text).at(-1),
  };
}

/** Arrow keys move among the buttons under a message; Tab goes on as everywhere. */
function moveAmongKeys(event) {
  const box = event.target.closest?.(".keyboard, .options");
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  if (!box || !steps[event.key]) return;
  const lines = box.matches(".keyboard") ? [...box.children].map((row) => [...row.children]) : [...box.children].map((node) => [node]);
  const [down, right] = steps[event.key];
  const y = lines.findIndex((line) => line.includes(event.target));
  const x = lines[y].indexOf(event.target);
  const line = lines[y + down] || lines[y];
  const next = down ? line[Math.min(x, line.length - 1)] : line[(x + right + line.length) % line.length];
  event.preventDefault();
  next.focus();
}
