#include "spec/column_reader.hpp"
#include "spec/endpoint.hpp"
#include "spec/section_readers.hpp"

namespace sluice {

namespace {

const OptionTable& cache_table() {
  static const OptionTable table = {
      {"ttl", OptionKind::duration, false, "10m", "how old a cached row may be", {}, 1'000},
      {"max_rows", OptionKind::integer, false, "100000", "bound of the cache", {}, 1},
      {"missing_ttl", OptionKind::duration, false, "30s", "how long a missing row is remembered"}};
  return table;
}

}  // namespace

LookupSpec read_lookup(const NamedNode& lookup, SpecReader& reader) {
  LookupSpec spec;
  spec.name = lookup.key.text();
  spec.location = lookup.key.location();
  const std::string what = "lookup " + spec.name;
  std::vector<OptionSpec> fields = connector_fields(reader.catalogue());
  fields.push_back({"columns", OptionKind::node, true});
  fields.push_back({"cache", OptionKind::node});
  const Options options = reader.read(OptionTable(std::move(fields)), lookup.value, what);
  if (!lookup.value.is_map()) return spec;
  spec.from = read_endpoint(lookup.value, EndpointRole::lookup, what, reader);
  spec.columns = read_lookup_columns(options.node("columns"), what, reader);
  const ConnectorOptions* connector = reader.catalogue().find_connector(spec.from.connector);
  if (connector != nullptr) spec.key = key_columns(*connector->lookup, spec.from.options);
  const Options cache =
      reader.read(cache_table(), SpecReader::subsection(lookup.value, "cache"), "cache");
  spec.cache_ttl_us = cache.duration_us("ttl");
  spec.cache_max_rows = cache.integer("max_rows");
  spec.cache_missing_ttl_us = cache.duration_us("missing_ttl");
  return spec;
}

}  // namespace sluice
