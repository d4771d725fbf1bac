// Downloads an invoice and reads it as a person would see it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Follows a link to a PDF (the page waits by itself until it is rendered) and answers its words. */
export async function downloads(me, link) {
  const [download] = await Promise.all([me.page.waitForEvent("download", { timeout: 60_000 }), link.click()]);
  const name = download.suggestedFilename(), file = join(me.world.shots, name);
  await download.saveAs(file);
  assert.match(name, /^INV-\d{4}-\d{5}\.pdf$/);
  assert.equal(readFileSync(file).subarray(0, 5).toString(), "%PDF-");
  return execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
}
