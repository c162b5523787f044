# A shell loop without other programs.
i=0 text=
while [ $i -lt 2000 ]; do
  i=$((i + 1))
  text=${text#????}$i
done
echo "$text"
