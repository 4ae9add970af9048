// Text with Telegram's entities as elements. Only textContent is ever set; offsets are UTF-16, as strings here are.

const SIMPLE = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** An element of `tag` with class, text, and attributes. */
export function el(tag, className = "", text = null, attributes = {}) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== null) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** Put `text` with `entities` into `parent`; `on` has `command(text)` and `link(url)` for what is tapped. */
export function fill(parent, text, entities, on) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  run(parent, text, 0, text.length, sorted, on);
}

function run(parent, text, from, to, entities, on) {
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [first, ...others] = rest;
    const start = Math.max(first.offset, at);
    const end = Math.min(first.offset + first.length, to);
    rest = others.filter((entity) => entity.offset >= end);
    if (end <= start) continue;
    const block = BLOCKS.has(first.type);
    plain(parent, text, at, block && text[start - 1] === "\n" ? start - 1 : start);
    const inner = others.filter((entity) => entity.offset < end);
    run(element(parent, text.slice(start, end), first, on), text, start, end, inner, on);
    at = block && text[end] === "\n" ? end + 1 : end;
  }
  plain(parent, text, at, to);
}

function plain(parent, text, from, to) {
  if (to > from) parent.append(text.slice(from, to));
}

function element(parent, text, entity, on) {
  const kind = entity.type;
  if (SIMPLE[kind]) return add(parent, el(SIMPLE[kind]));
  if (kind === "pre") return pre(parent, text, entity.language);
  if (kind === "blockquote") return add(parent, el("blockquote", "", null, { dir: "auto" }));
  if (kind === "expandable_blockquote") return expandable(parent);
  if (kind === "spoiler") return spoiler(parent);
  if (kind === "text_link" || kind === "url") return link(parent, entity.url || text, on);
  if (kind === "email") return link(parent, `mailto:${text}`, on);
  if (kind === "bot_command") {
    const node = el("button", "inline-link", null, { type: "button" });
    node.addEventListener("click", () => on.command(text));
    return add(parent, node);
  }
  return add(parent, el("span", kind === "mention" || kind === "hashtag" ? "mention" : ""));
}

function add(parent, node) {
  parent.append(node);
  return node;
}

function pre(parent, text, language) {
  const box = el("div", "pre");
  const head = el("div", "pre-head");
  head.append(el("span", "", language || "code"));
  const copy = el("button", "", "Copy", { type: "button" });
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = "Copied";
    setTimeout(() => { copy.textContent = "Copy"; }, 1500);
  });
  head.append(copy);
  const code = el("code");
  const body = el("pre", "", null, { tabindex: "0" });
  body.append(code);
  box.append(head, body);
  parent.append(box);
  return code;
}

function expandable(parent) {
  const quote = el("blockquote", "folded", null, { dir: "auto" });
  const body = el("div", "quote-text");
  const more = el("button", "unfold", "Show more", { type: "button", "aria-expanded": "false" });
  more.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    more.textContent = open ? "Show less" : "Show more";
    more.setAttribute("aria-expanded", String(open));
  });
  quote.append(body, more);
  parent.append(quote);
  return body;
}

function spoiler(parent) {
  const node = el("span", "spoiler", null, { role: "button", tabindex: "0", "aria-label": "Hidden text, press to show" });
  const show = () => {
    node.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); show(); }
  });
  return add(parent, node);
}

/** The address if it may be opened from here, else an empty text. */
export function safeUrl(raw) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(raw) ? raw : `http://${raw}`);
    return ["http:", "https:", "mailto:", "tg:"].includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

function link(parent, raw, on) {
  const url = safeUrl(raw);
  if (!url) return add(parent, el("span"));
  const node = el("a", "", null, { href: url, target: "_blank", rel: "noopener noreferrer" });
  node.addEventListener("click", (event) => { if (on.link(url)) event.preventDefault(); });
  return add(parent, node);
}
