// What answers mean to a form: which parts apply because of them, which values say nothing, and which entries are over.

const applies = ({ when, unless }, answers) => {
  const holds = ([item, codes]) => item in answers && (codes === "answered" || codes.includes(answers[item]));
  return Object.entries(when).every(holds) && !Object.entries(unless).some(holds);
};
const isEmpty = (value) => value == null || (Array.isArray(value) && !value.length) || (typeof value === "string" && !value.trim());
const isOver = ({ settled }, entry) => Boolean(settled?.codes.includes(entry[settled.part])); // an entry of a group
