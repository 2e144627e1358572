// The sample policy's hours as opening_hours has them: a line "NAME PER-SECOND" for each case. Its own
// terms for the same: holidays and leave as dates. Time zone by TZ.
const OpeningHours = require("opening_hours");
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const place = { lat: 43.73, lon: 7.42, address: { country_code: "fr", state: "Île-de-France" } };
const begin = Date.UTC(2025, 0, 1), day = 86400000, rounds = 3;
const off = (time) => {
	const date = new Date(time);
	return `${date.getUTCFullYear()} ${months[date.getUTCMonth()]} ` +
		`${String(date.getUTCDate()).padStart(2, "0")} off`;
};

const week = "Mo-Th 08:30-12:30,13:30-17:30; Fr 08:30-12:30,13:30-16:30; " +
	"2026 Dec 24 08:30-12:00; Dec 31 off";
const holidays = ["01-01", "01-27", "05-01", "08-15", "11-01", "11-19", "12-08", "12-25"]
	.flatMap((monthDay) => [2025, 2026, 2027, 2028].map((year) => off(Date.parse(`${year}-${monthDay}`))));
const leave = [];
for (let i = 0, at = begin; i < 1000; i++, at += (2 + (i * 7) % 3) * day)
	leave.push(off(at));

function measure(name, rules, count) {
	const hours = new OpeningHours(rules.join("; "), place);
	let best = 0, sum = 0;
	for (let round = 0; round < rounds; round++) {
		const started = process.hrtime.bigint();
		for (let i = 0; i < count; i++) {
			const at = new Date(begin + ((i * 2654435761) % 4294967296) / 4294967296 * 4 * 365 * day);
			sum += hours.getState(at) ? 1 : 0;
			const next = hours.getNextChange(at);
			sum += next ? next.getTime() % 7 : 0;
		}
		const seconds = Number(process.hrtime.bigint() - started) / 1e9;
		best = Math.max(best, count / seconds);
	}
	console.log(`${name} ${best.toFixed(1)}`);
	return sum;
}

measure("plain", [week, ...holidays], Number(process.argv[2] || 1000));
measure("full", [week, ...holidays, ...leave], Number(process.argv[3] || 50));
