// Counts what was checked. A story is a list of steps; once one fails, the rest cannot be reached and fail, too, so
// that nothing is left out without a word.

export class Report {
  passed = 0;
  failures = [];

  /** Runs the steps of a story, `[[words, work], ...]`; `onFailure(words)` may keep a picture. */
  async story(title, steps, onFailure = async () => {}) {
    console.log(`\n${title}`);
    let stopped = false;
    for (const [words, work] of steps) {
      if (stopped) this.fail(title, words, new Error("not reached"));
      else stopped = !(await this.step(title, words, work));
      if (stopped && this.failures.at(-1).error !== "not reached") await onFailure(words);
    }
  }

  /** One check that stands alone. */
  async step(title, words, work) {
    try {
      await work();
      this.passed += 1;
      console.log(`  ok    ${words}`);
      return true;
    } catch (error) {
      this.fail(title, words, error);
      return false;
    }
  }

  fail(title, words, error) {
    const text = String(error?.message ?? error).split("\n").slice(0, 12).join("\n        ");
    this.failures.push({ title, words, error: text });
    console.log(`  FAIL  ${words}\n        ${text}`);
  }

  /** The last line that callers look at. */
  summary() {
    if (this.failures.length) console.log(`\nFailed:\n${this.failures.map((f) => `  ${f.title}: ${f.words}`).join("\n")}`);
    console.log(`\n${this.passed} passed, ${this.failures.length} failed`);
  }
}
