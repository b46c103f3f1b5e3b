// λ from one convention to another: what weightdecay.convert does, from its own table of formulas.
// A formula says λ of a value v, such as "v·√(batch_size / (rows·epochs)) / lr".
"use strict";

const weightdecayConvert = (() => {
  const COUNTS = ["rows", "batch_size", "outputs"];
  const POSITIVE = ["epochs", "lr", "sigma"];
  const DEFAULTS = { outputs: 1, dampening: 0 };

  class Refused extends Error {
    constructor(reason, values) {
      super(reason);
      this.reason = reason;
      this.values = values;
    }
  }

  // sum = product {(+|−) product}; product = power {(·|/) power}; power = [√] atom [²]
  function evaluate(formula, known) {
    const tokens = formula.match(/[A-Za-z_]+[0-9]?[A-Za-z_]*|[0-9.]+|[·/+−√²()]/g);
    let at = 0;
    function sum() {
      let left = product();
      while (tokens[at] === "+" || tokens[at] === "−") {
        left = tokens[at++] === "+" ? left + product() : left - product();
      }
      return left;
    }
    function product() {
      let left = power();
      while (tokens[at] === "·" || tokens[at] === "/") {
        left = tokens[at++] === "·" ? left * power() : left / power();
      }
      return left;
    }
    function power() {
      if (tokens[at] === "√") {
        at++;
        return Math.sqrt(power());
      }
      const value = atom();
      if (tokens[at] !== "²") return value;
      at++;
      return value * value;
    }
    function atom() {
      const token = tokens[at++];
      if (token === "(") {
        const value = sum();
        at++;
        return value;
      }
      return /^[0-9.]/.test(token) ? Number(token) : known[token];
    }
    return sum();
  }

  // The formula of a penalty: "L2: v·(1 − l1_ratio); L1: v·l1_ratio" has one for each.
  function formulaOf(convention, penalized) {
    const parts = convention.weight_decay.split("; ");
    const mine = parts.find((part) => part.startsWith(`${penalized}: `));
    return mine ? mine.slice(penalized.length + 2) : parts[0];
  }

  function weightDecayOf(value, convention, penalized, known) {
    return evaluate(formulaOf(convention, penalized), { ...known, v: value });
  }

  function check(quantity, value) {
    let fits;
    let reason;
    if (COUNTS.includes(quantity)) {
      [fits, reason] = [value >= 1 && value % 1 === 0, "count"];
    } else if (POSITIVE.includes(quantity)) {
      [fits, reason] = [value > 0, "positive"];
    } else if (quantity === "l1_ratio") {
      [fits, reason] = [value >= 0 && value <= 1, "share"];
    } else {
      [fits, reason] = [value >= 0 && value < 1, "momentum"];
    }
    if (!fits || !Number.isFinite(value)) throw new Refused(reason, { argument: quantity, value });
  }

  // What a convention is where it is converted to another or from it.
  function beside(one, other) {
    return one.on_step && other.enters === "step" ? { ...one, ...one.on_step } : one;
  }

  // The quantities that a conversion takes, those with a default among them.
  function needed(source, target) {
    return [...new Set([...beside(source, target).needs, ...beside(target, source).needs])];
  }

  function penaltyOf(source, target, known) {
    const both = source.penalties.filter((name) => target.penalties.includes(name));
    if (!both.length) {
      throw new Refused("penalties", {
        argument: "to",
        name: target.name,
        penalty: target.penalties[0],
        source: source.name,
        other: source.penalties[0],
      });
    }
    for (const name of both) {
      const factors = [source, target].map((side) => weightDecayOf(1, side, name, known));
      if (factors.every((factor) => factor !== 0)) return name;
    }
    throw new Refused("no_part", {
      argument: "l1_ratio",
      value: known.l1_ratio,
      penalty: both[0],
    });
  }

  // Throws Refused, whose reason is a key of the words, where no number can be given.
  function convert(from, to, value, given, plainSgd) {
    if (!(value >= 0)) throw new Refused("value", { argument: "value", value });
    const entries = [from.enters, to.enters];
    if (entries.includes("loss") && entries.includes("step")) {
      const sgd = "SGD";
      if (!plainSgd) {
        const names = { [from.enters]: from.name, [to.enters]: to.name };
        throw new Refused("entry", { argument: "to", ...names, sgd });
      }
      if (given.momentum) {
        throw new Refused("not_plain", { argument: "momentum", value: given.momentum, sgd });
      }
    }
    const source = beside(from, to);
    const target = beside(to, from);
    const known = {};
    for (const side of [source, target]) {
      for (const quantity of side.needs) {
        const number = given[quantity] ?? DEFAULTS[quantity];
        if (number === undefined) {
          throw new Refused("missing", {
            argument: quantity,
            name: side.name,
            formula: side.weight_decay,
          });
        }
        check(quantity, number);
        known[quantity] = number;
      }
    }
    const penalized = penaltyOf(source, target, known);
    const weightDecay = weightDecayOf(value, source, penalized, known);
    if (!Number.isFinite(weightDecay)) {
      throw new Refused("infinite", { argument: "value", value, name: source.name });
    }
    const factor = weightDecayOf(1, target, penalized, known);
    const inverse = weightDecayOf(2, target, penalized, known) < factor;
    return inverse ? factor / weightDecay : weightDecay / factor;
  }

  return { convert, needed, Refused };
})();

if (typeof module !== "undefined") module.exports = weightdecayConvert;
