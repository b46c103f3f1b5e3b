// The words of the interface in one language, and of a text that the data carries in both.
function speech(catalogues, language) {
  const words = catalogues[language];
  return {
    language,
    say: (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]),
    read: (text) => text[language],
  };
}
