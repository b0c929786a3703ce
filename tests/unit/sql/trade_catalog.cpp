#include "unit/sql/trade_catalog.hpp"

#include <utility>

namespace sluice {

namespace {

using Columns = std::vector<std::pair<std::string, std::string>>;

SchemaPtr schema(const Columns& columns) {
  std::vector<Field> fields;
  for (const auto& [name, type] : columns) fields.push_back({name, parse_type(type).value()});
  return std::make_shared<Schema>(std::move(fields));
}

}  // namespace

TradeCatalog::TradeCatalog() {
  relations_["ods_order"] = schema({{"id", "text"},
                                    {"user_id", "text"},
                                    {"province_id", "text"},
                                    {"order_status", "text"},
                                    {"create_time", "timestamptz"}});
  relations_["ods_order_detail"] = schema({{"id", "text"},
                                           {"order_id", "text"},
                                           {"sku_id", "text"},
                                           {"sku_num", "int"},
                                           {"split_total_amount", "numeric(16,2)"},
                                           {"create_time", "timestamptz"}});
  relations_["ods_page_log"] = schema({{"mid", "text"},
                                       {"channel", "text"},
                                       {"ts", "timestamptz"},
                                       {"during_time", "bigint"},
                                       {"pageId", "text"},
                                       {"body", "jsonb"},
                                       {"is_new", "bool"}});
  relations_["minutes"] = schema(
      {{"window_start", "timestamptz"}, {"window_end", "timestamptz"}, {"orders", "bigint"}});
  lookups_["dim_province"] = {"dim_province", Schema({{"id", Type{TypeKind::text}}}),
                              schema({{"name", "text"}, {"area", "text"}})};
}

SchemaPtr TradeCatalog::find_relation(std::string_view name) const {
  const auto found = relations_.find(name);
  return found == relations_.end() ? nullptr : found->second;
}

const Catalog::Lookup* TradeCatalog::find_lookup(std::string_view name) const {
  const auto found = lookups_.find(name);
  return found == lookups_.end() ? nullptr : &found->second;
}

std::vector<std::string> TradeCatalog::relation_names() const {
  std::vector<std::string> names;
  for (const auto& [name, relation] : relations_) names.push_back(name);
  return names;
}

std::vector<std::string> TradeCatalog::lookup_names() const {
  std::vector<std::string> names;
  for (const auto& [name, lookup] : lookups_) names.push_back(name);
  return names;
}

}  // namespace sluice
