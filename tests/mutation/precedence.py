#!/usr/bin/env python3
"""tests/mutation/precedence.py TREE [WORK-FOLDER]: do the tests hold what "What wins" says?

Each row of MUTATIONS breaks one line of offduty.policy(5), section WHAT WINS, in a copy of the tree,
builds the unit tests named beside it and expects one of them to fail. The first of them is the test
that is named after the line. A row whose text is no longer in the code, or does not compile, fails
the run too: the list is kept with the code. Exit 1 when a mutation lives.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

LAUNCH = "policies/model/launch.c"
DUTY = "policies/model/duty.c"
SCHEDULE = "policies/model/schedule.c"
LINES = "policies/model/schedule_lines.c"
NOTICE = "policies/model/notice.c"
SHARE = "policies/model/share.c"
ORIGIN = "policies/model/origin.c"
SOURCE = "policies/ini/source.c"
BUILD = "policies/ini/build.c"

# (line of WHAT WINS, file, what stands there, what it becomes, unit, test named after the line)
MUTATIONS = [
    ("1 a fault: nothing of the new set applies", BUILD,
     "		r = try_some(build, documents, shared, true);",
     "		r = try_some(build, documents, shared, documents->list.n == 0);",
     "ini_load", "test_an_overridden_fault_is_still_a_fault"),
    ("1 the last good set stays, also after a reboot", SOURCE,
     "	if ((r == OD_E_POLICY || r == OD_E_BUSY) && !source->policy && source->last_good_dir)",
     "	if ((r == OD_E_POLICY || r == OD_E_BUSY) && source->policy && source->last_good_dir)",
     "source", "test_the_last_good_set_comes_back_after_a_restart"),
    ("2 a section that names the person > their group", ORIGIN,
     "		return OD_RANK_PERSON;\n",
     "		return OD_RANK_GROUP;\n",
     "launch", "test_section_naming_person_beats_section_naming_group"),
    ("2 a section that names their group > nobody", LAUNCH,
     "		if (rank > best_rank) {",
     "		if (rank != OD_RANK_NONE && (best_rank == OD_RANK_NONE || rank < best_rank)) {",
     "launch", "test_section_naming_group_beats_section_naming_nobody"),
    ("2 a section > blocked, approved, require", LAUNCH,
     "	if (rule && rule->has_verdict) {",
     "	if (rule && rule->has_verdict && !decide_by_lists(policy, messenger, decision)) {",
     "launch", "test_section_naming_nobody_beats_blocked"),
    ("2 a section that names somebody else is not there", ORIGIN,
     "			return OD_RANK_GROUP;\n	return OD_RANK_NONE;",
     "			return OD_RANK_GROUP;\n	return OD_RANK_EVERYBODY;",
     "launch", "test_section_naming_somebody_else_is_not_there"),
    ("2 blocked > approved", LAUNCH,
     "		if (name) {\n			set(decision, OD_VERDICT_BLOCK,",
     "		if (name && !find_name(&policy->approved, steps[i].kind, steps[i].value)) {\n"
     "			set(decision, OD_VERDICT_BLOCK,",
     "launch", "test_blocked_beats_approved"),
    ("2 approved > require", LAUNCH,
     "	} else if (!decide_by_lists(policy, messenger, decision)) {",
     "	} else if (policy->require.n > 0 ||\n"
     "		   !decide_by_lists(policy, messenger, decision)) {",
     "launch", "test_approved_beats_require"),
    ("2 require met > unlisted", LAUNCH,
     "	if (policy->require.n > 0 && !unmet) {",
     "	if (policy->require.n > 99 && !unmet) {",
     "launch", "test_require_met_beats_unlisted"),
    ("2 a rule for the messenger > for its service", LAUNCH,
     "		{ OD_NAME_MESSENGER, messenger->id },\n"
     "		{ OD_NAME_SERVICE, messenger->service },",
     "		{ OD_NAME_SERVICE, messenger->service },\n"
     "		{ OD_NAME_MESSENGER, messenger->id },",
     "launch", "test_rule_through_messenger_beats_rule_through_service"),
    ("3 schedules: people > groups > nobody named", DUTY,
     "		if (rank > highest)",
     "		if (highest == OD_RANK_NONE || rank < highest)",
     "duty", "test_people_beat_groups_beat_everybody"),
    ("3 of one rank all must say on", DUTY,
     "(ret->on && !span.on)",
     "(!ret->on && span.on)",
     "duty", "test_of_one_rank_all_must_say_on"),
    ("3 no schedule: always on duty", DUTY,
     "	*ret = (struct od_span){ true, OD_NEVER,",
     "	*ret = (struct od_span){ false, OD_NEVER,",
     "duty", "test_without_a_schedule_one_is_always_on_duty"),
    ("4 leave > full date", SCHEDULE,
     "	if (away) {",
     "	if (away && today->kind != OD_SCHEDULE_DATE) {",
     "schedule", "test_leave_beats_full_dates"),
    ("4 full date > month and day", LINES,
     "	if (!line && schedule->yearly)",
     "	if (schedule->yearly)",
     "schedule", "test_precedence_of_lines"),
    ("4 month and day > day of the month", LINES,
     "	if (!line) {\n		*ret_kind = OD_SCHEDULE_DAY_OF_MONTH;",
     "	if (schedule->days_of_month[day - 1]) {\n		*ret_kind = OD_SCHEDULE_DAY_OF_MONTH;",
     "schedule", "test_precedence_of_lines"),
    ("4 day of the month > n-th weekday", LINES,
     "	if (!line) {\n		*ret_kind = OD_SCHEDULE_NTH_WEEKDAY;",
     "	if (!line || nth_line(schedule, year, month, day, od_day_weekday(number))) {\n"
     "		*ret_kind = OD_SCHEDULE_NTH_WEEKDAY;",
     "schedule", "test_precedence_of_lines"),
    ("4 date lines > public holiday", SCHEDULE,
     "	day->holiday = day->kind == OD_SCHEDULE_WEEKDAY &&\n		       public_holiday(",
     "	day->holiday = public_holiday(",
     "schedule", "test_dates_override_weekdays_and_open_holidays"),
    ("4 public holiday > weekday", SCHEDULE,
     "	day->gone = day->holiday || (",
     "	day->holiday = false;\n	day->gone = (",
     "schedule", "test_a_holiday_cuts_the_night_before"),
    ("5 rest > on-call", DUTY,
     "		duty->on_call = NULL;\n",
     "",
     "duty", "test_rest_makes_it_quiet_and_ends_by_itself"),
    ("5 rest > breakthrough", NOTICE,
     "	if (duty->reason.rule == OD_RULE_REST) {",
     "	if (duty->reason.rule == OD_RULE_CLOCK) {",
     "notice", "test_rest_beats_everything_but_own_and_private"),
    ("5 lift > schedule only where may has it", DUTY,
     "	if (choice->kind == OD_CHOICE_LIFT && !(input->policy->may & OD_MAY_LIFT))\n		return;\n",
     "",
     "duty", "test_lift_opens_where_the_policy_lets_it"),
    ("5 on-call: its listed work only", NOTICE,
     "	if (name) {\n		because(ret, OD_NOTICE_PASS, OD_RULE_ON_CALL, name->origin,",
     "	if (duty->on_call) {\n"
     "		because(ret, OD_NOTICE_PASS, OD_RULE_ON_CALL, duty->on_call->origin,",
     "notice", "test_on_call_lets_only_its_listed_work_pass"),
    ("5 what is not work passes", NOTICE,
     "	else if (!ret->work)",
     "	else if (!ret->work && duty->on)",
     "notice", "test_private_always_passes"),
    ("6 the strictest action", SHARE,
     "	return (int) od_verdict_in_mode(intended, mode) * 4 + (int) intended;",
     "	return 99 - ((int) od_verdict_in_mode(intended, mode) * 4 + (int) intended);",
     "share", "test_strictest_action_wins"),
    ("6 ties by file order", SHARE,
     "mode_of(policy, rule)) <= best_strictness)",
     "mode_of(policy, rule)) < best_strictness)",
     "share", "test_ties_go_by_file_order"),
]


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", **more)


def build(folder, units):
    return run(["ninja", "-C", folder] + ["test_" + unit for unit in units])


def try_one(tree, folder, row):
    """None when a test fails as it should; else what is wrong."""
    rule, name, before, after, unit, test = row
    path = os.path.join(tree, name)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.count(before) != 1:
        return "the code has changed: %d places in %s" % (text.count(before), name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(before, after))
    try:
        built = build(folder, [unit])
        if built.returncode != 0:
            return "does not compile:\n" + built.stdout[-1500:]
        tested = run([os.path.join(folder, "tests", "test_" + unit)], timeout=60)
        if tested.returncode == 0:
            return "lives: no test of test_%s.c fails" % unit
        if "[  FAILED  ] " + test not in tested.stdout and "[  ERROR   ] " + test not in tested.stdout:
            return "%s does not fail, though others do" % test
    except subprocess.TimeoutExpired:
        return None  # noticed, in its way
    finally:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    return None


def prepare(source, work):
    tree, folder = os.path.join(work, "tree"), os.path.join(work, "build")
    shutil.copytree(source, tree, ignore=shutil.ignore_patterns(".git"))
    made = run(["cmake", "-S", tree, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                "-DCMAKE_C_FLAGS=-O0", "-DOFFDUTY_WERROR=OFF", "-DOFFDUTY_FUZZ=OFF"])
    if made.returncode != 0:
        sys.exit("mutation: cmake failed\n" + made.stdout)
    units = sorted({row[4] for row in MUTATIONS})
    made = build(folder, units)
    if made.returncode != 0:
        sys.exit("mutation: the tree does not build\n" + made.stdout[-3000:])
    for unit in units:
        tested = run([os.path.join(folder, "tests", "test_" + unit)])
        if tested.returncode != 0:
            sys.exit("mutation: test_%s fails without a mutation\n%s" % (unit, tested.stdout))
    return tree, folder


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    begin = time.monotonic()
    work = tempfile.mkdtemp(prefix="offduty-mutation-", dir=sys.argv[2] if len(sys.argv) > 2 else None)
    alive = 0
    try:
        tree, folder = prepare(os.path.abspath(sys.argv[1]), work)
        for row in MUTATIONS:
            wrong = try_one(tree, folder, row)
            alive += wrong is not None
            print("%-8s %-52s %s" % ("ok" if not wrong else "FAILED", row[0], wrong or row[5]),
                  flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print("%d mutations, %d alive, %.0f s" % (len(MUTATIONS), alive, time.monotonic() - begin))
    return alive > 0


if __name__ == "__main__":
    sys.exit(main())
