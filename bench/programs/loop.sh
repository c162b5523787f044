# bash: arithmetic, functions, strings and arrays. The argument is a number of rounds.
square() { REPLY=$(($1 * $1 % 1009)); }

sum=0 text=
declare -a seen
for ((i = 0; i < $1; i++)); do
  square $i
  ((sum += REPLY, seen[REPLY % 64]++))
  case $((i % 8)) in
    0) text=${text:0:40}x$i ;;
    3) text=${text//x/yz} ;;
    5) [[ $text == *9* ]] && ((sum ^= ${#text})) ;;
  esac
done
echo "$sum $text ${seen[*]}"
