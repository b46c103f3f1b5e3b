// How wide a text of a drawing is, near enough: letters of Chinese are as wide as they are high.
function textWidth(text) {
  return [...text].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 12 : 6.4), 0);
}

// The text, its end left out where there is no room; the table behind the figure has all of it.
function fitted(text, room) {
  if (textWidth(text) <= room) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(letters.join("")) + 10 > room) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}
