// Answers of opening_hours: a line {"spec": ..., "at": [seconds...]} gives a line of
// [["on"|"off", seconds|null], ...]. Time zone by TZ, as that library has it.
const OpeningHours = require("opening_hours");
const lines = require("readline").createInterface({ input: process.stdin });
const place = { lat: 48.85, lon: 2.35,
	address: { country_code: "fr", state: "Île-de-France" } };

lines.on("line", (line) => {
	const question = JSON.parse(line);
	let answers;
	try {
		const hours = new OpeningHours(question.spec, place);
		answers = question.at.map((seconds) => {
			const at = new Date(seconds * 1000);
			const next = hours.getNextChange(at);
			return [hours.getState(at) ? "on" : "off",
				next === undefined ? null : next.getTime() / 1000];
		});
	} catch (error) {
		answers = { crash: String(error) };
	}
	console.log(JSON.stringify(answers));
});
