// What answers mean to a form: which parts apply because of them, and which values say nothing.

const applies = ({ when, unless }, answers) => {
  const holds = ([item, codes]) => item in answers && (codes === "answered" || codes.includes(answers[item]));
  return Object.entries(when).every(holds) && !Object.entries(unless).some(holds);
};
const isEmpty = (value) => value == null || (Array.isArray(value) && !value.length) || (typeof value === "string" && !value.trim());
