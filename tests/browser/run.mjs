#!/usr/bin/env node
// The browser test: starts `portico demo` and walks the customer's way through it in Chromium.
//
//   npm ci && node run.mjs [--program ../../target/debug/portico] [--shots DIR] [--chromium PATH] [--only WORD]
//
// Needs chromium and pdftotext. Pictures of every page, of what failed, and the downloaded invoices are left in DIR
// for a person to look at. Exit code 1 when anything failed.

import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { Demo } from "./demo.mjs";
import { Report } from "./report.mjs";
import { changePages, changesPlan } from "./stories/changes.mjs";
import { customersWay } from "./stories/customer.mjs";
import { withoutScript } from "./stories/no_script.mjs";
import { everyPage } from "./stories/pages.mjs";
import { comesBackFromHold, leavesTheTrial, paysTheFailedOne } from "./stories/trouble.mjs";
import { tell } from "./visitor.mjs";

const here = import.meta.dirname;
const { values: options } = parseArgs({
  options: {
    program: { type: "string", default: resolve(here, "../../target/debug/portico") },
    shots: { type: "string" },
    chromium: { type: "string", default: process.env.CHROMIUM ?? "/usr/bin/chromium" },
    only: { type: "string", default: "" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "portico-browser-"));
const shots = resolve(options.shots ?? join(folder, "shots"));
mkdirSync(shots, { recursive: true });

// Without a sandbox, for CI runs as root; it visits this machine only.
const browser = await chromium.launch({
  executablePath: options.chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const report = new Report();
const demo = await Demo.start(options.program, folder);
const world = { browser, demo, report, shots };
console.log(`The demo answered after ${(demo.took / 1000).toFixed(1)} s. Pictures: ${shots}`);

const phone = { viewport: { width: 375, height: 812 }, javaScriptEnabled: false };
const parts = [
  // Pages first: they show the problems that the stories then solve.
  ["pages", () => everyPage(world)],
  ["customer", () => tell(world, "A customer's way", {}, (me) => customersWay(world, me))],
  ["script", () => tell(world, "A customer's way without JavaScript", phone, (me) => withoutScript(world, me))],
  ["failed", () => tell(world, "A failed payment", {}, (me) => paysTheFailedOne(world, me))],
  ["hold", () => tell(world, "On hold and back", {}, (me) => comesBackFromHold(world, me))],
  ["change", () => tell(world, "A change of plan", {}, (me) => changesPlan(world, me))],
  ["change pages", () => changePages(world)],
  ["trial", () => tell(world, "A trial", {}, (me) => leavesTheTrial(world, me))],
];
for (const [name, part] of parts.filter(([name]) => name.includes(options.only))) {
  try {
    await part();
  } catch (error) {
    report.fail(name, "could not go on", error);
  }
}

await browser.close();
await report.step("demo", "the demo stops when it is asked to", async () => {
  const how = await demo.stop();
  if (how !== 0) throw new Error(`it ended with ${how}; see ${demo.logFile}`);
});
if (options.only) console.log(`\nOnly ${options.only}; the other parts were left out.`);
report.summary();
process.exitCode = report.failures.length ? 1 : 0;
