// A person with a browser of their own: what they press and read, and what the browser complains about meanwhile.

import assert from "node:assert/strict";
import { join } from "node:path";

const WAIT_MS = 20_000;

export class Visitor {
  /** Opens a browser window. `options` are those of a context: viewport, javaScriptEnabled ... */
  static async open(world, options = {}) {
    const context = await world.browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 900 }, ...options });
    const visitor = new Visitor();
    Object.assign(visitor, { world, context, faults: [] });
    context.setDefaultTimeout(WAIT_MS);
    visitor.page = await context.newPage();
    visitor.watch(visitor.page);
    return visitor;
  }

  /** Notes console errors, exceptions, and requests that leave the portal other than by going to the provider. */
  watch(page) {
    const { portal, simulator } = this.world.demo;
    page.on("console", (message) => {
      const ofThePage = message.location().url === page.url() && / status of 4\d\d /.test(message.text());
      if (message.type() === "error" && !ofThePage) this.faults.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.faults.push(`exception: ${error}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (!/^(https?|wss?):$/.test(url.protocol) || url.origin === portal) return;
      const goes = request.isNavigationRequest() && request.frame() === page.mainFrame();
      const isThere = page.url().startsWith(`${simulator}/`);
      if (url.origin !== simulator || !(goes || isThere)) this.faults.push(`request to ${url.href}`);
    });
  }

  async go(path) {
    const response = await this.page.goto(new URL(path, this.world.demo.portal).href);
    return response;
  }

  /** Presses a button or follows a link by its accessible name. */
  async press(role, name, within = this.page) {
    await within.getByRole(role, { name, exact: typeof name === "string" }).first().click();
  }

  /** Waits for words anywhere on the page. */
  async sees(words) {
    await this.page.getByText(words).filter({ visible: true }).first().waitFor();
  }

  /** Sees a card by its last digits, which stand behind dots and a space that does not break. */
  async seesCard(last4) { await this.sees(new RegExp(`••••\\s${last4}`)); }
  async missesCard(last4) { await this.misses(new RegExp(`••••\\s${last4}`)); }

  async heading(words) {
    await this.page.getByRole("heading", { name: words }).first().waitFor();
  }

  async misses(words) {
    assert.equal(await this.page.getByText(words).filter({ visible: true }).count(), 0, `${words} is on the page`);
  }

  path() {
    const url = new URL(this.page.url());
    return url.pathname + url.search;
  }

  async arrives(path) {
    await this.page.waitForURL((url) => (path instanceof RegExp ? path.test(url.pathname) : url.pathname === path));
  }

  /** Asks for a link at the portal and opens the mail's. Answers with the mail. */
  async asksForLink(email) {
    const subject = /^Sign in to /;
    const before = (await this.world.demo.mails(email, subject)).length;
    await this.go("/login");
    await this.page.getByLabel("Email address").fill(email);
    await this.press("button", "Email me a sign-in link");
    await this.heading("Check your email");
    return this.world.demo.mail(email, subject, before);
  }

  async signsIn(email) {
    const mail = await this.asksForLink(email);
    await this.go(linkOf(mail));
    await this.press("button", "Sign in");
    await this.heading("Overview");
  }

  /** Adds a card from a page that leads to the provider; ends back at the portal. `bank` is what to press there. */
  async entersCard(number, bank = null) {
    await this.press("button", "Continue to payment provider");
    await this.page.waitForURL((url) => url.origin === this.world.demo.simulator);
    await this.page.getByLabel("Card number").fill(number);
    await this.page.getByLabel(/^Expiry/).fill("12 / 34");
    await this.page.getByLabel("Security code").fill("123");
    await this.page.getByLabel("Name on card").fill("A Customer");
    await this.press("button", "Save card");
    if (bank) await this.press("button", bank);
    await this.page.waitForURL((url) => url.origin === this.world.demo.portal);
  }

  /** Nothing was logged or requested that should not be; forgets what was noted. */
  noFaults() {
    const faults = this.faults.splice(0);
    assert.deepEqual(faults, []);
  }

  async picture(name) {
    await this.page.screenshot({ path: join(this.world.shots, `${name.replace(/[^\w-]+/g, "_")}.png`), fullPage: true });
  }

  async close() { await this.context.close(); }
}

/** The sign-in link of a mail's text part. */
export function linkOf(mail) {
  const found = mail.text.match(/https?:\/\/\S+\/(?:auth|r)\/[^\s>)\]]+/);
  assert.ok(found, `no link in the mail:\n${mail.text}`);
  return found[0];
}

/** A story of one visitor: steps, then a clean console; a picture of where it went wrong. */
export async function tell(world, title, options, steps) {
  const visitor = await Visitor.open(world, options);
  const all = [...steps(visitor), ["no console error, no foreign request", () => visitor.noFaults()]];
  await world.report.story(title, all, (words) => visitor.picture(`failed ${title} ${words}`));
  await visitor.close();
}
