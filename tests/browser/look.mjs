// Looks at one page as it stands in a browser: what axe, the layout and a strict policy have to say about it.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";

const axeSource = createRequire(import.meta.url)("axe-core").source;
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
/** CSS and JS of a page, compressed. */
const BUDGET_KB = 30;

/* eslint-disable no-undef */
const violations = (standards) =>
  axe.run(document, { runOnly: standards, resultTypes: ["violations"], iframes: false, preload: false })
    .then((found) => found.violations.map((v) => `axe ${v.id}: ${v.help} at ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(", ")}`));

/** How far the page, or the content of a box with a border or a background, sticks out sideways. */
const overflow = () => {
  const root = document.documentElement, limit = root.clientWidth;
  const wide = Math.max(root.scrollWidth, document.body.scrollWidth) - limit;
  const name = (el) => `${el.localName}.${String(el.className?.baseVal ?? el.className).split(" ")[0]}`;
  const outside = (el) => {
    const box = el.getBoundingClientRect();
    return box.width && (box.right > limit + 0.5 || box.left < -0.5) && getComputedStyle(el).position !== "fixed";
  };
  const spills = (el) => {
    if (el.scrollWidth - el.clientWidth <= 1 || !el.clientWidth || el.closest("svg, select, input, textarea, [inert] *")) return false;
    const css = getComputedStyle(el);
    const drawn = parseFloat(css.borderInlineEndWidth) > 0 || css.backgroundColor !== "rgba(0, 0, 0, 0)";
    return css.overflowX === "visible" && css.display !== "inline" && drawn;
  };
  const all = [...document.body.querySelectorAll("*")];
  return [
    ...(wide > 0 ? [`${wide}px too wide: ${all.filter(outside).slice(-3).map(name)}`] : []),
    ...all.filter(spills).map((el) => `spills: ${name(el)} by ${el.scrollWidth - el.clientWidth}px`),
  ];
};

const inlineCode = () => [...document.querySelectorAll("*")].flatMap((el) => [
  ...(el.hasAttribute("style") ? [`style on ${el.localName}`] : []),
  ...(el.localName === "style" ? ["<style>"] : []),
  ...(el.localName === "script" && !el.src && !/json/.test(el.type) ? ["<script>"] : []),
  ...el.getAttributeNames().filter((n) => n.startsWith("on")).map((n) => `${n} on ${el.localName}`),
]);
/* eslint-enable no-undef */

/** Opens `path` and fails with everything that is wrong with the page. */
export async function look(visitor, path, status = 200) {
  const { page } = visitor, sizes = [];
  const weigh = (response) => {
    if (["stylesheet", "script"].includes(response.request().resourceType())) {
      sizes.push(response.body().then((body) => gzipSync(body).length));
    }
  };
  page.on("response", weigh);
  const response = await visitor.go(path);
  page.off("response", weigh);
  const settled = () => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.evaluate(settled);
  const kb = (await Promise.all(sizes)).reduce((a, b) => a + b, 0) / 1024;
  const wrong = [...await page.evaluate(overflow), ...new Set(await page.evaluate(inlineCode))];
  if (response.status() !== status) wrong.push(`status ${response.status()}, not ${status}`);
  if (kb > BUDGET_KB) wrong.push(`${kb.toFixed(1)} KB of CSS and JS`);
  if (!/(^|;)\s*default-src 'none'/.test(response.headers()["content-security-policy"] ?? "")) wrong.push("no strict policy");
  await page.evaluate(axeSource);
  wrong.push(...await page.evaluate(violations, STANDARDS), ...visitor.faults.splice(0));
  assert.deepEqual(wrong, []);
}
