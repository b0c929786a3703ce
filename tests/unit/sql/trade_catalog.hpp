// A catalog with the relations of the trade pipeline: what the SQL tests bind against.
#pragma once

#include <map>
#include <string>

#include "sql/binder.hpp"

namespace sluice {

class TradeCatalog final : public Catalog {
 public:
  TradeCatalog();
  SchemaPtr find_relation(std::string_view name) const override;
  const Lookup* find_lookup(std::string_view name) const override;
  std::vector<std::string> relation_names() const override;
  std::vector<std::string> lookup_names() const override;

 private:
  std::map<std::string, SchemaPtr, std::less<>> relations_;
  std::map<std::string, Lookup, std::less<>> lookups_;
};

}  // namespace sluice
