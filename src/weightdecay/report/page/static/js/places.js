// The λs that matter, by index: which names each has.
function places(view) {
  const { minimum, one_se: oneSe, chosen } = view.page.path;
  const named = new Map();
  for (const [name, index] of [
    ["minimum", minimum],
    ["one_se", oneSe],
    ["chosen", chosen],
  ]) {
    if (index === null || index === undefined) continue;
    named.set(index, [...(named.get(index) ?? []), name]);
  }
  return named;
}

// A λ in words, for a screen reader and under the slider.
function lambdaWords(view, index) {
  const { say, read } = view.speech;
  const { values, other } = view.page.path;
  const parts = [say("lambda.is", { value: number(values[index]) })];
  if (other)
    parts.push(
      say("lambda.other", { name: read(other.name), value: number(values[index] * other.factor) }),
    );
  for (const name of places(view).get(index) ?? []) parts.push(say(`place.${name}`));
  parts.push(say("lambda.place", { place: index + 1, count: values.length }));
  return parts.join(say("comma"));
}

function atLambda(view, index) {
  return view.page.path
    ? view.speech.say("lambda.at", { value: number(view.page.path.values[index]) })
    : "";
}
