// build: c++ c++-static
#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

int main() {
  std::cout << "Hello from C++ code" << std::endl;
  std::map<std::string, int> counts;
  std::istringstream text("one two three two three three");
  for (std::string word; text >> word;) counts[word]++;
  for (const auto &[word, count] : counts) std::cout << std::setw(8) << word << ' ' << count << '\n';
  std::vector<double> values{3.5, -1, 2.25, 1e100};
  std::sort(values.begin(), values.end());
  for (double value : values) std::cout << std::hexfloat << value << std::defaultfloat << ' ' << value << '\n';
  try {
    (void)std::vector<int>(3).at(5);
  } catch (const std::out_of_range &error) {
    std::cout << "caught " << error.what() << '\n';
  }
  return 3;
}
