#include "config/connector_options.hpp"

#include <algorithm>

namespace sluice {

namespace {

template <class T>
const T* find_named(const std::vector<T>& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [name](const T& entry) { return entry.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

const ConnectorOptions* ConnectorCatalogue::find_connector(std::string_view name) const {
  return find_named(connectors, name);
}

const FormatOptions* ConnectorCatalogue::find_format(std::string_view name) const {
  return find_named(formats, name);
}

}  // namespace sluice
