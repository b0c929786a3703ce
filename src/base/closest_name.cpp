#include "base/closest_name.hpp"

#include <algorithm>

namespace sluice {

namespace {

// Edits between two names: insert, delete, replace, or swap two neighbours.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

constexpr size_t longest_compared = 64;

}  // namespace

std::string closest_name(std::string_view wrong, const std::vector<std::string>& known) {
  if (wrong.empty() || wrong.size() > longest_compared) return {};
  std::string closest;
  size_t least = std::max<size_t>(1, wrong.size() / 3) + 1;
  for (const std::string& name : known) {
    if (name.size() > longest_compared) continue;
    const size_t distance = edit_distance(wrong, name);
    if (distance < least) {
      least = distance;
      closest = name;
    }
  }
  return closest;
}

std::string did_you_mean(std::string_view wrong, const std::vector<std::string>& known) {
  const std::string closest = closest_name(wrong, known);
  return closest.empty() ? "" : "did you mean \"" + closest + "\"?";
}

}  // namespace sluice
