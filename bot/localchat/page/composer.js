// Where a person writes: text, commands, corrections, files.

import { el } from "./text.js";
import { size } from "./render.js";

const $ = (id) => document.getElementById(id);

/** Wire the composer; `deps` has send(text), edit(id, text), file(file, kind, caption), other(action), lastOwn(). */
export function composer(deps) {
  const input = $("input");
  const list = $("commands");
  let commands = [];
  let editing = null;
  let kept = "";

  const grow = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 180)}px`;
    $("composer").classList.toggle("filled", input.value.trim() !== "");
  };

  // --- commands: the ☰ button, or "/" as the first sign
  const options = () => [...list.children];
  const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");
  const choose = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
  };
  const hide = () => {
    list.hidden = true;
    input.removeAttribute("aria-activedescendant");
    $("menu").setAttribute("aria-expanded", "false");
    $("menu").classList.remove("open");
  };
  const show = (typed) => {
    const found = commands.filter((item) => `/${item.command}`.startsWith(typed));
    list.replaceChildren(...found.map((item, index) => {
      const option = el("li", "", null, { role: "option", id: `command-${index}`, "aria-selected": "false" });
      option.append(el("strong", "", `/${item.command}`), el("span", "", item.description));
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => take(option));
      return option;
    }));
    if (!found.length) { hide(); return; }
    list.hidden = false;
    $("menu").setAttribute("aria-expanded", "true");
    $("menu").classList.add("open");
    choose(list.firstChild);
  };
  const take = async (option) => {
    const command = option.querySelector("strong").textContent;
    input.value = "";
    hide();
    grow();
    await deps.send(command);
    input.focus();
  };
  $("menu").addEventListener("click", () => {
    if (list.hidden) show("/"); else hide();
    input.focus();
  });

  // --- correcting a message
  const startEdit = (message) => {
    if (!message) return;
    if (!editing) kept = input.value;
    editing = message;
    $("editing-title").textContent = "Edit message";
    $("editing-text").textContent = message.text;
    $("editing").hidden = false;
    input.value = message.text;
    grow();
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  };
  const stopEdit = () => {
    editing = null;
    $("editing").hidden = true;
    input.value = kept;
    kept = "";
    grow();
  };
  $("editing-stop").addEventListener("click", () => { stopEdit(); input.focus(); });

  const submit = async () => {
    const text = input.value;
    if (!text.trim()) return;
    hide();
    if (editing) {
      const { message_id: id } = editing;
      stopEdit();
      await deps.edit(id, text);
      return;
    }
    input.value = "";
    grow();
    if (!(await deps.send(text)) && !input.value) { input.value = text; grow(); }
  };

  input.addEventListener("input", () => {
    grow();
    if (/^\/[a-z0-9_]*$/.test(input.value)) show(input.value); else hide();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (open && step) {
      const all = options();
      choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
    } else if (open && (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey))) {
      take(chosen());
    } else if (event.key === "Escape" && (open || editing)) {
      if (open) hide(); else stopEdit();
    } else if (event.key === "ArrowUp" && !input.value && !editing) {
      startEdit(deps.lastOwn());
    } else if (event.key === "Enter" && !event.shiftKey) {
      submit();
    } else {
      return;
    }
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== $("menu")) hide(); }, 150));
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); input.focus(); });

  files(deps);
  attachMenu(deps);
  grow();
  return {
    startEdit,
    setCommands(found) { commands = found; $("menu").hidden = !found.length; },
    reset() { if (editing) stopEdit(); input.value = ""; kept = ""; hide(); grow(); },
  };
}

function files(deps) {
  const offer = async (file) => {
    const picture = /^image\/(png|jpeg|gif|webp)$/.test(file.type);
    const dialog = $("upload");
    const preview = $("upload-picture");
    preview.hidden = !picture;
    if (picture) preview.src = URL.createObjectURL(file);
    $("upload-photo").hidden = !picture;
    $("upload-as-photo").checked = true;
    $("upload-title").textContent = picture ? "Send a picture" : "Send a file";
    $("upload-name").textContent = `${file.name || "picture.png"} · ${size(file.size)}`;
    $("upload-caption").value = "";
    dialog.returnValue = "";
    dialog.showModal();
    dialog.querySelector("button.main").focus();
    await new Promise((resolve) => { dialog.addEventListener("close", resolve, { once: true }); });
    if (picture) URL.revokeObjectURL(preview.src);
    if (dialog.returnValue !== "send") return;
    const kind = picture && $("upload-as-photo").checked ? "photo" : "document";
    await deps.file(file, kind, $("upload-caption").value);
  };
  const offerAll = async (all) => { for (const file of all) await offer(file); };
  $("upload-caption").addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); $("upload").close("send"); }
  });
  $("file").addEventListener("change", async (event) => {
    const chosen = [...event.target.files];
    event.target.value = "";
    await offerAll(chosen);
  });
  document.addEventListener("paste", (event) => {
    const found = [...(event.clipboardData?.files || [])];
    if (found.length) { event.preventDefault(); offerAll(found); }
  });
  let depth = 0;
  const carriesFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  const over = (value) => { depth = Math.max(0, value); $("drop").hidden = depth === 0; };
  addEventListener("dragenter", (event) => { if (carriesFiles(event)) { event.preventDefault(); over(depth + 1); } });
  addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
  addEventListener("dragleave", (event) => { if (carriesFiles(event)) over(depth - 1); });
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(0);
    offerAll([...event.dataTransfer.files]);
  });
}

function attachMenu(deps) {
  popup($("attach"), $("attach-menu"), () => [
    ["📎", "File or picture", () => $("file").click()],
    ["👍", "Sticker", () => deps.other("sticker", { emoji: "👍" })],
    ["🎤", "Voice message", () => deps.other("voice", { seconds: 4 })],
    ["📍", "Location", () => deps.other("location", { latitude: 52.52, longitude: 13.405 })],
  ]);
}

/** A menu under a button: items are [sign, words, action]; arrows move, Escape closes. */
export function popup(button, menu, items) {
  const close = (focus) => {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (focus) button.focus();
  };
  const open = () => {
    menu.replaceChildren(...items().map(([sign, words, action]) => {
      const item = el("button", "", null, { type: "button", role: "menuitem" });
      item.append(el("span", "sign", sign, { "aria-hidden": "true" }), words);
      item.addEventListener("click", () => { close(true); action(); });
      return item;
    }));
    menu.hidden = false;
    button.setAttribute("aria-expanded", "true");
    menu.firstChild.focus();
  };
  button.addEventListener("click", () => (menu.hidden ? open() : close(true)));
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.children];
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") close(true);
    else if (event.key === "Tab") { close(false); return; }
    else if (to !== undefined) all.at(to % all.length).focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("mousedown", (event) => {
    if (!menu.hidden && !menu.contains(event.target) && !button.contains(event.target)) close(false);
  });
}
