// A day as people write it in English: “Dec 15”, “12/15/2026”, “next Friday”. A day is a number here, counted from 1970 in UTC.

const DAY = 86_400_000; // ms
const LONGEST = 60; // characters that can be a day
const MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const NEAR_DAYS = { today: 0, tonight: 0, now: 0, tomorrow: 1, yesterday: -1, "day after tomorrow": 2, "day before yesterday": -2 };
const COUNTS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const COUNT = `(\\d{1,3}|an?|${COUNTS.join("|")}|a couple(?: of)?)`;
const NTH = "(\\d{1,2})(?:st|nd|rd|th)?";
const YEAR = "(?: (\\d{4}|'\\d\\d))?";

const dayOf = (year, month, date) => { // null when there is no such day
  const when = new Date(0);
  when.setUTCFullYear(year, month - 1, date);
  const real = year >= 1 && year <= 9999 && when.getUTCMonth() === month - 1 && when.getUTCDate() === date;
  return real ? when.getTime() / DAY : null;
};
const partsOf = (day) => {
  const when = new Date(day * DAY);
  return [when.getUTCFullYear(), when.getUTCMonth() + 1, when.getUTCDate()];
};
const inIso = (day) => {
  const [year, month, date] = partsOf(day);
  return year >= 1 && year <= 9999 ? [String(year).padStart(4, "0"), ...[month, date].map((part) => String(part).padStart(2, "0"))].join("-") : null;
};
const lastOf = (year, month) => (month === 2 ? (dayOf(year, 2, 29) === null ? 28 : 29) : [4, 6, 9, 11].includes(month) ? 30 : 31);
const mondayOf = (day) => day - ((((day + 3) % 7) + 7) % 7); // the first day of 1970 was a Thursday
const named = (names, word) => (word?.length >= 3 ? names.findIndex((name) => name.startsWith(word)) : -1); // “tue”, “sept”
const fullYear = (year) => (year.replace("'", "").length === 2 ? 2000 : 0) + Number(year.replace("'", ""));
const counted = (word) => (/^\d/.test(word) ? Number(word) : word.startsWith("a couple") ? 2 : /^an?$/.test(word) ? 1 : COUNTS.indexOf(word));

function monthsOn(day, count) { // the same day of a later month, or its last one
  const [year, month, date] = partsOf(day);
  const at = year * 12 + month - 1 + count;
  const [thatYear, thatMonth] = [Math.floor(at / 12), (((at % 12) + 12) % 12) + 1];
  return dayOf(thatYear, thatMonth, Math.min(date, lastOf(thatYear, thatMonth)));
}

function further(day, count, unit) {
  if (unit === "day" || unit === "week") return day + count * (unit === "week" ? 7 : 1);
  return monthsOn(day, count * (unit === "year" ? 12 : 1));
}

// Without a year, the next such day from today on; a leap day may be eight years away.
function dated(year, month, date, today) {
  if (year) return dayOf(fullYear(year), month, date);
  const [thisYear] = partsOf(today);
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    const day = dayOf(thisYear + ahead, month, date);
    if (day !== null && day >= today) return day;
  }
  return null;
}

function inNumbers(said, today) {
  let found = said.match(/^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/) ?? said.match(/^(\d{4})()(\d\d)(\d\d)$/);
  if (found) return dayOf(Number(found[1]), Number(found[3]), Number(found[4]));
  found = said.match(/^(\d{4})-?w(\d\d)(?:-?([1-7]))?$/); // a week of ISO 8601
  if (found) {
    const monday = mondayOf(dayOf(Number(found[1]), 1, 4)) + (found[2] - 1) * 7;
    return partsOf(monday + 3)[0] === Number(found[1]) ? monday + Number(found[3] ?? 1) - 1 : null;
  }
  found = said.match(/^(\d{1,2}) ?([-/.]) ?(\d{1,2})(?: ?\2 ?(\d{4}|\d\d))?$/);
  if (!found) return null;
  const [first, second] = [Number(found[1]), Number(found[3])];
  return first > 12 ? dated(found[4], second, first, today) : dated(found[4], first, second, today); // the month first, where both would do
}

const MONTH_FIRST = new RegExp(`^(?:([a-z]+) )?([a-z]+) (?:the )?${NTH}${YEAR}$`);
const DAY_FIRST = new RegExp(`^(?:([a-z]+) )?(?:the )?${NTH} (?:of )?([a-z]+)${YEAR}$`);

function withMonth(said, today) {
  const plain = said.replace(/[-/]/g, " ");
  const [, weekday, month, date, year] = plain.match(MONTH_FIRST) ?? (([all, one, two, three, four]) => [all, one, three, two, four])(plain.match(DAY_FIRST) ?? []);
  if (named(MONTHS, month) < 0) return null;
  const day = dated(year, named(MONTHS, month) + 1, Number(date), today);
  if (!weekday || day === null) return day;
  return mondayOf(day) + named(WEEKDAYS, weekday) === day ? day : null; // a weekday that is another day's is a slip
}

function onlyDate(said, today) { // “the 15th”
  const [, date] = said.match(/^(\d{1,2})(?:st|nd|rd|th)$/) ?? [];
  if (!date) return null;
  const [year, month] = partsOf(today);
  for (let ahead = 0; ahead < 3; ahead += 1) {
    const day = dayOf(year + Math.floor((month - 1 + ahead) / 12), ((month - 1 + ahead) % 12) + 1, Number(date));
    if (day !== null && day >= today) return day;
  }
  return null;
}

function onWeekday(said, today) {
  const [, which, before, after] = said.match(/^(?:(this|next|last|coming|this coming) )?([a-z]+)( next week)?$/) ?? [];
  const at = named(WEEKDAYS, before);
  if (at < 0 || (which && after)) return null;
  const thisWeek = mondayOf(today) + at;
  if (which === "next" || after) return thisWeek + 7; // in the week that begins next Monday
  if (which === "last") return thisWeek < today ? thisWeek : thisWeek - 7;
  return thisWeek > today || (which === "this" && thisWeek === today) ? thisWeek : thisWeek + 7;
}

const AHEAD = new RegExp(`^(?:in )?${COUNT} (day|week|month|year)s?(?: from (.+))?$`);
const AGO = new RegExp(`^${COUNT} (day|week|month|year)s? ago$`);

function fromThere(said, today) {
  const [, side, unit] = said.match(/^(next|last) (week|month|year)$/) ?? [];
  if (side) return further(today, side === "next" ? 1 : -1, unit);
  const past = said.match(AGO);
  if (past) return further(today, -counted(past[1]), past[2]);
  const [, count, one, start] = said.match(AHEAD) ?? [];
  if (!count) return null;
  const from = start === undefined ? today : (onWeekday(start, today) ?? nearDay(start, today));
  return from === null ? null : further(from, counted(count), one);
}

const nearDay = (said, today) => (Object.hasOwn(NEAR_DAYS, said) ? today + NEAR_DAYS[said] : null);

const SPAN = /^(end|start|beginning|middle|mid)[- ](?:of )?(?:the )?(?:(this|next) )?([a-z]+|\d{4})(?: (\d{4}))?$/;

function partOfSpan(said, today) { // “end of March”, “middle of next month”
  const [, edge, which, span, year] = said.match(SPAN) ?? [];
  if (!edge) return null;
  const at = (first, middle, last) => ({ end: last, middle, mid: middle })[edge] ?? first;
  const [thisYear, thisMonth] = partsOf(today);
  const inMonth = (ahead) => {
    const [there, month] = partsOf(monthsOn(dayOf(thisYear, thisMonth, 1), ahead));
    return dayOf(there, month, at(1, 15, lastOf(there, month)));
  };
  const inYear = (there) => dayOf(there, ...at([1, 1], [7, 1], [12, 31]));
  const inWeek = (ahead) => mondayOf(today) + 7 * ahead + at(0, 2, 6);
  const soon = (find, from) => (which ? find(from + (which === "next")) : [find(from), find(from + 1)].find((day) => day !== null && day >= today) ?? null);
  if (/^\d/.test(span)) return which || year ? null : inYear(Number(span));
  const month = named(MONTHS, span) + 1;
  if (month && !which) {
    const there = (one) => dayOf(one, month, at(1, 15, lastOf(one, month)));
    return year ? there(Number(year)) : soon(there, thisYear);
  }
  if (year) return null;
  return span === "month" ? soon(inMonth, 0) : span === "year" ? soon(inYear, thisYear) : span === "week" ? soon(inWeek, 0) : null;
}

// The day that a text means, as ISO text, or null when it cannot be read. `today` is ISO text too.
function readDay(text, today) {
  const said = text.normalize("NFKC").toLowerCase().replace(/’/g, "'").replace(/([a-z])\./g, "$1").replace(/[,\s]+/g, " ").trim()
    .replace(/[.!]$/, "").replace(/^(?:on|by|until|till) /, "").replace(/^the /, "");
  if (!said || said.length > LONGEST) return null;
  const now = dayOf(...today.split("-").map(Number));
  for (const read of [inNumbers, nearDay, withMonth, onlyDate, onWeekday, fromThere, partOfSpan]) {
    const day = read(said, now);
    if (day !== null) return inIso(day);
  }
  return null;
}
