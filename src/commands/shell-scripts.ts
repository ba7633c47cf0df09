/** What each shell reads at its start. It knows nothing of pglab's words: it asks pglab, and shows the answer. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# pglab for bash; in ~/.bashrc: source <(pglab completion bash)
_pglab() {
  local word
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    if [[ $word == :files ]]; then
      compopt -o default 2>/dev/null
    else
      COMPREPLY+=("$word")
    fi
  done < <("\${COMP_WORDS[0]}" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o nosort -F _pglab pglab 2>/dev/null || complete -F _pglab pglab
`,
  zsh: `#compdef pglab
# pglab for zsh; in ~/.zshrc: source <(pglab completion zsh)
_pglab() {
  local line word files=0
  local -a described
  while IFS= read -r line; do
    word=\${line%%$'\\t'*}
    if [[ $word == :files ]]; then
      files=1
    elif [[ $line == *$'\\t'* ]]; then
      described+=("\${word//:/\\\\:}:\${line#*$'\\t'}")
    else
      described+=("\${word//:/\\\\:}")
    fi
  done < <("\${words[1]}" completion words -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( $#described )) && _describe -V pglab described
  (( files )) && _files
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _pglab pglab
`,
  fish: `# pglab for fish; in ~/.config/fish/config.fish: pglab completion fish | source
function __pglab_words
    set -l typed (commandline -ct)
    test (count $typed) -eq 0; and set typed ''
    set -l words (commandline -opc)
    for line in ($words[1] completion words -- $words[2..-1] $typed 2>/dev/null)
        if test $line = ':files'
            __fish_complete_path $typed
        else
            echo $line
        end
    end
end
complete -c pglab -f -k -a '(__pglab_words)'
`,
};
