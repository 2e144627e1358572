# bash completion for offduty. What there is comes from the program itself: offduty --list-verbs
# prints "verb NAME SUBVERB ARGUMENTS HELP" and "flag NAME SUBVERB --OPTION[=] HELP", with tabs.

_offduty() {
	local current=${COMP_WORDS[COMP_CWORD]} word verb= subverb= rows choices= IFS=$' \t\n'
	local -i n=0 i
	COMPREPLY=()

	# "=" cuts a word in two in bash; the value of --catalogue= and the like is a path.
	if [[ $current == "=" || ${COMP_WORDS[COMP_CWORD - 1]} == "=" ]]; then
		[[ $current == "=" ]] && current=
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return
	fi
	rows=$(offduty --list-verbs 2>/dev/null) || return
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		[[ $word == -* || $word == "=" || ${COMP_WORDS[i - 1]} == "=" ]] && continue
		n+=1
		((n == 1)) && verb=$word
		((n == 2)) && subverb=$word
	done

	if [[ $current == -* ]]; then
		choices=$(awk -F'\t' -v v="$verb" -v s="$subverb" '$1 == "flag" &&
			($2 == "*" || ($2 == v && ($3 == s || $3 == ""))) { print $4 }' <<<"$rows")
		mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current")
		[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
		return
	fi
	if ((n == 0)); then
		choices=$(awk -F'\t' '$1 == "verb" && $2 != "" { print $2 }' <<<"$rows" | uniq)
	elif ((n == 1)); then
		choices=$(awk -F'\t' -v v="$verb" '$1 == "verb" && $2 == v { print $3 }' <<<"$rows")
	fi
	case "$verb $subverb" in
	"held show" | "held deliver" | "held discard")
		choices=$(offduty held list 2>/dev/null | awk 'NR > 1 { print $1 }')
		;;
	"policy diff" | "policy apply")
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return
		;;
	"messengers "*)
		choices=$(offduty messengers 2>/dev/null | awk 'NR > 1 && $1 ~ /^[a-z0-9]/ { print $1 }')
		;;
	"policy check" | "policy show")
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	"explain ")
		mapfile -t COMPREPLY < <(compgen -c -- "$current")
		[[ $current == */* ]] && compopt -o filenames &&
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	"lift " | "rest ")
		choices="30m 1h 2h 4h until tomorrow"
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current")
}
complete -F _offduty offduty
