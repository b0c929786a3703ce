#include "plan/inference/node_view.hpp"

#include "sql/relation_text.hpp"

namespace sluice {

std::vector<std::string> NodeView::names(size_t port) const {
  return column_names(*input(port).schema);
}

std::vector<std::string> NodeView::own_names() const { return column_names(*node_.schema); }

}  // namespace sluice
