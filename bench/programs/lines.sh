# A small script of the kind that builds and packages run: variables, loops, tests, substitutions, a here-document.
count=0
for name in alpha.c beta.h gamma.tar.gz delta "with space" epsilon.txt; do
  case $name in
    *.c | *.h) kind=source ;;
    *.tar.*) kind=archive ;;
    *\ *) kind=odd ;;
    *) kind=other ;;
  esac
  base=${name%%.*}
  [ "$kind" != odd ] && count=$((count + ${#base}))
  printf '%s %s %s\n' "$base" "$kind" "$(echo "$name" | tr a-z A-Z)"
done
while read -r key value; do
  eval "set_$key=\$value"
done <<END
one 1
two 2
three 3
END
echo "$count $set_one$set_two$set_three $(expr $count \* 2)"
