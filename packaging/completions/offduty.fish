# fish completion for offduty. What there is comes from the program itself: offduty --list-verbs
# prints "verb NAME SUBVERB ARGUMENTS HELP" and "flag NAME SUBVERB --OPTION[=] HELP", with tabs.

function __offduty_words
	set -l found
	for word in (commandline -opc)[2..-1]
		string match -q -- '-*' $word; or set -a found $word
	end
	string join \n -- $found
end

function __offduty_complete
	set -l said (__offduty_words)
	set -l current (commandline -ct)
	set -l before
	for row in (offduty --list-verbs 2>/dev/null)
		set -l f (string split \t -- $row)
		if test "$f[1]" = flag
			string match -q -- '-*' $current; or continue
			if test "$f[2]" = '*'; or begin
					test "$f[2]" = "$said[1]"
					and contains -- "$f[3]" '' "$said[2]"
				end
				printf '%s\t%s\n' $f[4] $f[5]
			end
		else if test (count $said) -eq 0; and test -n "$f[2]"; and not contains -- $f[2] $before
			set -a before $f[2]
			printf '%s\t%s\n' $f[2] $f[5]
		else if test (count $said) -eq 1; and test "$f[2]" = "$said[1]"; and test -n "$f[3]"
			printf '%s\t%s\n' $f[3] $f[5]
		end
	end
	switch "$said[1] $said[2]"
		case 'held show' 'held deliver' 'held discard'
			offduty held list 2>/dev/null | string replace -rf '^ *(\d+) +(.*)$' '$1\t$2'
		case 'lift ' 'rest '
			printf '%s\n' 30m 1h 2h 4h until tomorrow
		case 'policy diff' 'policy apply'
			__fish_complete_directories $current
		case 'messengers *'
			offduty messengers 2>/dev/null | string replace -rf '^([a-z0-9]\S*) .*' '$1' | tail -n +2
		case 'policy check' 'policy show'
			__fish_complete_path $current
		case 'explain '
			__fish_complete_command
	end
end

complete -c offduty -f -a '(__offduty_complete)'
