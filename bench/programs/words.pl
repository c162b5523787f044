# Perl: words counted in hashes, regular expressions, sorting. The argument is a number of rounds.
use strict;
use warnings;

my ($seed, %count, @lines) = (1);
for my $n (1 .. $ARGV[0]) {
  $seed = ($seed * 1103515245 + 12345) % 2147483648;
  my $line = join ' ', map { substr('abcdefghijklmnopqrstuvwxyz', ($seed >> $_) % 20, 2 + $_ % 5) . ($seed % ($_ + 3)) } 1 .. 8;
  $count{$_}++ for split ' ', $line;
  $line =~ s/([a-f]+)(\d)/$2$1/g;
  push @lines, $line if $line =~ /\b[g-q]{3,}\d (?:\w+ )*?(\w)\w+\1?\d [k-z]/;
}
my $sum = 0;
$sum = ($sum * 31 + $count{$_} * length) % 1000003 for sort keys %count;
print "$sum ", scalar(@lines), ' ', (sort @lines)[0], "\n";
