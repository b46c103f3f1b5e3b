// The form on the page of conversions: reads the table beside it, and answers as one types.
"use strict";

(() => {
  const place = document.getElementById("calculator");
  if (!place) return;
  const { conventions, words } = JSON.parse(document.getElementById("conventions").textContent);
  const chinese = document.documentElement.lang.startsWith("zh");
  const say = chinese
    ? { value: "数值", from: "来自", to: "换成", sgd: "优化器是不带动量的 SGD" }
    : { value: "Value", from: "of", to: "to", sgd: "the optimizer is SGD without momentum" };
  const byName = Object.fromEntries(conventions.map((one) => [one.name, one]));
  const typed = { rows: "500", batch_size: "32", epochs: "100", lr: "0.01", momentum: "0.9" };

  function element(tag, attributes = {}, ...children) {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  }
  const labelled = (text, input) => element("label", {}, element("span", {}, text), input);
  const number = (value) =>
    element("input", { type: "text", inputMode: "decimal", autocomplete: "off", value });
  const choice = (chosen) => {
    const names = conventions.map(({ name }) =>
      element("option", { value: name, selected: name === chosen }, name),
    );
    return element("select", {}, ...names);
  };

  const value = number("0.01");
  const from = choice("keras");
  const to = choice("torch");
  const sgd = element("input", { type: "checkbox" });
  const sgdRow = element("label", { className: "check" }, sgd, ` ${say.sgd}`);
  const quantities = element("div", { className: "quantities" });
  const result = element("output", { className: "result" });
  const means = element("div", { className: "means" });
  const inputs = {};

  // Python's format strings, of which the words are.
  const filled = (text, values) =>
    text.replace(/\{(\w+)(!r)?\}/g, (_, name, quoted) =>
      quoted ? `'${values[name]}'` : String(values[name]),
    );
  const shown = (x) => (Number.isFinite(x) ? String(Number(x.toPrecision(10))) : "∞");
  const read = (text) => (text.trim() === "" ? undefined : Number(text));

  function ask() {
    const names = weightdecayConvert.needed(byName[from.value], byName[to.value]);
    for (const [name, input] of Object.entries(inputs)) typed[name] = input.value;
    quantities.replaceChildren();
    for (const name of Object.keys(inputs)) delete inputs[name];
    for (const name of names) {
      inputs[name] = number(typed[name] ?? { outputs: "1", dampening: "0" }[name] ?? "");
      inputs[name].addEventListener("input", answer);
      quantities.append(labelled(name, inputs[name]));
    }
    const entries = [byName[from.value].enters, byName[to.value].enters];
    sgdRow.hidden = !(entries.includes("loss") && entries.includes("step"));
    means.replaceChildren(
      ...[...new Set([from.value, to.value])].map((name) =>
        element("p", {}, element("code", {}, name), `: ${byName[name].means}`),
      ),
    );
    answer();
  }

  function answer() {
    const given = Object.fromEntries(
      Object.entries(inputs)
        .map(([name, input]) => [name, read(input.value)])
        .filter(([, number]) => number !== undefined),
    );
    try {
      const found = weightdecayConvert.convert(
        byName[from.value],
        byName[to.value],
        read(value.value) ?? NaN,
        given,
        sgd.checked,
      );
      result.className = "result";
      result.textContent = filled(words.is, {
        value: shown(read(value.value)),
        source: from.value,
        result: shown(found),
        target: to.value,
      });
      result.dataset.result = String(found);
    } catch (refused) {
      if (!(refused instanceof weightdecayConvert.Refused)) throw refused;
      result.className = "result refused";
      result.textContent = filled(words[`error.${refused.reason}`], refused.values);
      delete result.dataset.result;
    }
  }

  for (const input of [value, sgd]) input.addEventListener("input", answer);
  for (const select of [from, to]) select.addEventListener("change", ask);
  const row = element(
    "div",
    { className: "asked" },
    labelled(say.value, value),
    labelled(say.from, from),
    labelled(say.to, to),
  );
  place.append(row, quantities, sgdRow, result, means);
  ask();
})();
