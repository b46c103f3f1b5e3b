// What is told beside the figures.
function sectionBlock(view, { title, paragraphs, table: part }) {
  const { read } = view.speech;
  return h(
    "section",
    { class: "told" },
    h("h2", {}, read(title)),
    paragraphs.map((paragraph) => h("p", {}, read(paragraph))),
    part
      ? table({
          caption: read(title),
          columns: part.columns.map(read),
          rows: part.rows.map((row) => row.map(read)),
        })
      : null,
  );
}
