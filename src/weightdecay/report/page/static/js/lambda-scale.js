// The axis of λ: logarithmic, with 0 in a place of its own to the left, behind a break.
function lambdaScale(values) {
  const shown = values.slice(1);
  if (shown.length === 0)
    return { ...linear(-1, 1), ticks: () => [{ value: 0, label: "0" }], broken: null };
  const first = Math.log10(shown[0]);
  const last = Math.log10(shown[shown.length - 1]);
  const range = last - first || 1;
  const gap = Math.max(0.14 * range, (last - first) / shown.length);
  const low = first - gap - 0.04 * range;
  const whole = last + 0.04 * range - low;
  const place = (v) => ((v > 0 ? Math.log10(v) : first - gap) - low) / whole;
  const ticks = (count) => {
    const others = logTicks(shown[0] / 1.01, shown[shown.length - 1] * 1.01, count);
    return [{ value: 0, label: "0", first: true }, ...others];
  };
  return {
    low: 0,
    high: shown[shown.length - 1],
    place,
    ticks,
    broken: (first - gap / 2 - low) / whole,
  };
}
