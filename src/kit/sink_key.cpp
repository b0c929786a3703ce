#include "kit/sink_key.hpp"

namespace sluice {

Result<std::vector<size_t>> key_columns_of(const SinkRequest& request) {
  std::vector<size_t> columns;
  for (const std::string& name : request.key) {
    const std::optional<size_t> column = request.schema->find(name);
    if (!column) {
      return fail_option("key", ErrorCode::unknown_column,
                         "key column \"" + name + "\" is not in the rows of sink " + request.name);
    }
    columns.push_back(*column);
  }
  return columns;
}

}  // namespace sluice
