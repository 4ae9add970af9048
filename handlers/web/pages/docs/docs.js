// Shows the API's own description. Everything is set as text: nothing in the document can become markup.
"use strict";

const DEEPEST = 4;

function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

function resolve(document_, part) {
  if (!part || !part.$ref) return part || {};
  const found = part.$ref.replace(/^#\//, "").split("/").reduce((at, key) => (at || {})[key], document_);
  return { name: part.$ref.split("/").pop(), ...found };
}

function kind(document_, schema) {
  const found = resolve(document_, schema);
  if (found.enum) return found.enum.map((one) => JSON.stringify(one)).join(" | ");
  if ("const" in found) return JSON.stringify(found.const);
  const choices = found.anyOf || found.oneOf;
  if (choices) return choices.map((one) => kind(document_, one)).join(" or ");
  if (found.type === "array") return `list of ${kind(document_, found.items)}`;
  if (found.name) return found.name;
  return [found.type || "anything", found.format].filter(Boolean).join(", ");
}

function bounds(schema) {
  const said = [];
  const between = (least, most, what) => {
    if (least !== undefined && most !== undefined) said.push(`${least}…${most}${what}`);
    else if (least !== undefined) said.push(`at least ${least}${what}`);
    else if (most !== undefined) said.push(`at most ${most}${what}`);
  };
  between(schema.minimum, schema.maximum, "");
  between(schema.minLength, schema.maxLength, " characters");
  between(schema.minItems, schema.maxItems, " items");
  if (schema.pattern) said.push(`matches ${schema.pattern}`);
  if (schema.default !== undefined && schema.default !== null) said.push(`default ${JSON.stringify(schema.default)}`);
  return said.join(", ");
}

function inner(document_, schema) {
  const found = resolve(document_, schema);
  if (found.properties) return found;
  if (found.items) return inner(document_, found.items);
  const choices = found.anyOf || found.oneOf || [];
  return choices.map((one) => inner(document_, one)).find(Boolean) || null;
}

function fields(document_, schema, depth = 0) {
  const found = inner(document_, schema);
  if (!found || depth >= DEEPEST) return null;
  const required = new Set(found.required || []);
  const lines = Object.entries(found.properties).map(([name, field]) => {
    const whole = resolve(document_, field);
    const words = [kind(document_, field), bounds(whole), whole.description || ""].filter(Boolean).join(" · ");
    const mark = required.has(name) ? make("span", { class: "required" }, " required") : null;
    const more = fields(document_, field, depth + 1);
    return make("li", {}, make("code", {}, name), " ", make("small", {}, words), mark, more);
  });
  return lines.length ? make("ul", { class: "fields" }, ...lines) : null;
}

function paragraphs(text) {
  return (text || "").split(/\n\s*\n/).filter(Boolean).map((one) => make("p", {}, one.replace(/\s+/g, " ")));
}

function parameters(document_, operation) {
  if (!operation.parameters) return [];
  const rows = operation.parameters.map((one) => make("tr", {},
    make("td", {}, make("code", {}, one.name), one.required ? make("span", { class: "required" }, " required") : null),
    make("td", {}, one.in),
    make("td", {}, [kind(document_, one.schema), bounds(resolve(document_, one.schema)), one.description]
      .filter(Boolean).join(" · "))));
  const head = make("tr", {}, ...["Parameter", "in", "what"].map((word) => make("th", { scope: "col" }, word)));
  return [make("h3", {}, "Parameters"), make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows))];
}

function content(document_, entry) {
  return Object.entries(entry || {}).flatMap(([type, one]) => [
    make("small", {}, one.schema ? `${type} · ${kind(document_, one.schema)}` : type),
    one.schema && !type.includes("problem") ? fields(document_, one.schema) : null,
  ]);
}

function answers(document_, operation) {
  const rows = Object.entries(operation.responses).map(([status, response]) => {
    const found = resolve(document_, response);
    return make("tr", {}, make("td", {}, make("code", {}, status)), make("td", {}, found.description),
      make("td", {}, ...content(document_, found.content)));
  });
  const head = make("tr", {}, ...["Status", "", "body"].map((word) => make("th", { scope: "col" }, word)));
  return [make("h3", {}, "Answers"), make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows))];
}

function card(document_, base, path, method, operation) {
  const verb = method.toUpperCase();
  const body = operation.requestBody
    ? [make("h3", {}, "Body"), ...content(document_, operation.requestBody.content)] : [];
  const node = make("details", { class: "operation", id: operation.operationId },
    make("summary", {},
      make("span", { class: `method ${verb}` }, verb), make("span", { class: "path" }, base + path),
      make("span", {}, operation.summary), make("span", { class: "who" }, operation["x-who"] || "")),
    make("div", { class: "body" }, ...paragraphs(operation.description), ...parameters(document_, operation),
      ...body, ...answers(document_, operation)));
  node.dataset.words = `${verb} ${base}${path} ${operation.summary} ${operation.tags}`.toLowerCase();
  return node;
}

function show(document_) {
  const base = document_.servers[0].url;
  document.getElementById("version").textContent = document_.info.version;
  document.getElementById("about").append(...paragraphs(document_.info.description));
  const main = document.getElementById("operations");
  const tags = document.getElementById("tags");
  for (const { name } of document_.tags) {
    const cards = Object.entries(document_.paths).flatMap(([path, methods]) => Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(name))
      .map(([method, operation]) => card(document_, base, path, method, operation)));
    main.append(make("section", {}, make("h2", { id: `tag-${name}` }, name), ...cards));
    tags.append(make("li", {}, make("a", { href: `#tag-${name}` }, name)));
  }
  main.setAttribute("aria-busy", "false");
  document.getElementById("state").hidden = true;
  openNamed();
}

function openNamed() {
  const found = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (found && found.matches("details")) found.open = true;
  if (found) found.scrollIntoView();
}

function find(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of document.querySelectorAll("main section")) {
    const cards = [...section.querySelectorAll("details")];
    for (const one of cards) one.hidden = !wanted.every((word) => one.dataset.words.includes(word));
    section.hidden = cards.every((one) => one.hidden);
  }
}

async function start() {
  const state = document.getElementById("state");
  try {
    const answer = await fetch("openapi.json");
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    show(await answer.json());
  } catch (error) {
    state.textContent = `The description could not be read (${error.message}). Load the page again in a moment.`;
  }
  document.getElementById("find").addEventListener("input", (event) => find(event.target.value));
  window.addEventListener("hashchange", openNamed);
}

start();
