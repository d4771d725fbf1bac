// Starts `portico demo` on free ports and data of its own, and reads its mailbox and its simulator's ledger.

import { spawn } from "node:child_process";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./wait.mjs";

/** How long a first start may take: it lives through eighteen months of business. */
const START_MS = 240_000;

export class Demo {
  /** Starts the program and waits until everything answers. */
  static async start(program, folder) {
    const readyFile = join(folder, "ready.json"), logFile = join(folder, "demo.log");
    const args = ["demo", "--fresh", "--port", "0", "--data-dir", join(folder, "data"), "--ready-file", readyFile];
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const log = createWriteStream(logFile);
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    let ended = null;
    child.once("error", (error) => { ended = String(error); });
    child.once("exit", (code, signal) => { ended = `it ended with ${signal ?? code}`; });
    const began = Date.now();
    try {
      await until("the demo answers", () => {
        if (ended) throw new Error(ended);
        return existsSync(readyFile);
      }, START_MS);
    } catch (error) {
      child.kill("SIGKILL");
      throw new Error(`the demo did not start: ${error.message}\n${readFileSync(logFile, "utf8").slice(-2_000)}`);
    }
    const demo = new Demo();
    Object.assign(demo, { child, logFile, place: JSON.parse(readFileSync(readyFile, "utf8")), took: Date.now() - began });
    return demo;
  }

  get portal() { return this.place.portal_url.replace(/\/$/, ""); }
  get simulator() { return this.place.simulator_url.replace(/\/$/, ""); }

  /** The address of the customer whose story begins like this. */
  customer(name) {
    const found = this.place.customers.find((customer) => customer.email.startsWith(`${name}@`));
    if (!found) throw new Error(`the demo has no customer ${name}`);
    return found.email;
  }

  /** Mails to an address whose subject matches, newest first. */
  async mails(to, subject) {
    const mails = await (await fetch(`${this.place.mailbox_url}/messages`)).json();
    return mails.filter((mail) => mail.to === to && subject.test(mail.subject));
  }

  /** Waits for one more mail like this than there were. */
  async mail(to, subject, before = 0) {
    return until(`a mail ${subject} to ${to}`, async () => {
      const mails = await this.mails(to, subject);
      return mails.length > before && mails[0];
    });
  }

  async ledger() { return (await fetch(`${this.simulator}/_ledger`)).json(); }

  /** Asks it to stop and waits; a demo that does not stop in time is a fault. */
  async stop() {
    const ended = new Promise((resolve) => this.child.once("exit", (code, signal) => resolve(signal ?? code)));
    this.child.kill("SIGTERM");
    const late = new Promise((resolve) => setTimeout(resolve, 60_000, "late").unref());
    const how = await Promise.race([ended, late]);
    if (how !== 0) this.child.kill("SIGKILL");
    return how;
  }
}
