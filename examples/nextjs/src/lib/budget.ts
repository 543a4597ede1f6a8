// The share of errors among the answers of the last two minutes.
import { once } from "./once.ts";

const WINDOW = 120_000;
const MOST = 0.05;
// So few answers prove nothing.
const LEAST = 20;

export class Budget {
  #answers: { at: number; failed: boolean }[] = [];
  #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  note(status: number) {
    this.#answers.push({ at: this.#now(), failed: status >= 500 });
    this.#forget();
  }

  #forget() {
    const since = this.#now() - WINDOW;
    const kept = this.#answers.findIndex(({ at }) => at >= since);
    this.#answers.splice(0, kept < 0 ? this.#answers.length : kept);
  }

  ratio() {
    this.#forget();
    const answers = this.#answers.length;
    const share = answers ? this.#answers.filter(({ failed }) => failed).length / answers : 0;
    return { answers, share: Math.round(share * 10_000) / 10_000 };
  }

  spent() {
    const { answers, share } = this.ratio();
    return answers >= LEAST && share > MOST;
  }
}

export const budget = () => once("budget", () => new Budget());
