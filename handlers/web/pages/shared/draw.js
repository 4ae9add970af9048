// Elements and charts. Text is only ever set as text.
const SVG = "http://www.w3.org/2000/svg";

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// One bar for each { label, value, words }, with a label under every so manieth.
// As wide as the screen has room for (up to `widest`), so that words in it are as large as they should be.
export function bars(values, { height = 120, every = 1, title = "", widest = 600 } = {}) {
  const width = Math.max(240, Math.min(widest, window.innerWidth - 68)), gap = Math.min(4, width / values.length / 4);
  const foot = values.some((one) => one.label) ? 24 : 2, step = width / values.length, most = Math.max(1, ...values.map((one) => one.value));
  const drawn = values.map((one, at) => {
    const tall = one.value ? Math.max(3, (one.value / most) * height) : 1.5;
    const bar = shape("rect", {
      x: at * step + gap / 2, y: height - tall, width: Math.max(1, step - gap), height: tall, rx: Math.min(4, tall / 2),
      class: one.value ? "bar-full" : "bar-empty",
    }, Object.assign(shape("title"), { textContent: one.words }));
    const label = at % every ? "" : one.label;
    const text = shape("text", { x: at * step + step / 2, y: height + 18, "text-anchor": "middle" });
    text.textContent = label;
    return [bar, text];
  });
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height + foot}`, role: "img" }, ...drawn.flat());
  svg.setAttribute("aria-label", title);
  return svg;
}

// A ring that is so many per cent full.
export function ring(percent, label) {
  const radius = 26, round = 2 * Math.PI * radius;
  const words = shape("text", { x: 32, y: 37, "text-anchor": "middle", class: "ring-words" });
  words.textContent = `${percent}%`;
  const svg = shape("svg", { viewBox: "0 0 64 64", role: "img", class: "ring" },
    shape("circle", { cx: 32, cy: 32, r: radius, class: "ring-empty" }),
    shape("circle", { cx: 32, cy: 32, r: radius, class: "ring-full", transform: "rotate(-90 32 32)",
      "stroke-dasharray": `${(round * percent) / 100} ${round}` }), words);
  svg.setAttribute("aria-label", label);
  return svg;
}
