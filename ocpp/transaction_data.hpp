// SPDX-License-Identifier: Apache-2.0
// The transactionData that StopTransaction will carry, collected while the transaction runs and kept across a
// loss of power (OCPP 1.6 sections 3.16.4, 3.16.5, R44).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ocpp/effect.hpp"
#include "ocpp/messages.hpp"

namespace busbar::ocpp {

class TransactionData {
  public:
    static constexpr std::string_view record_kind = "transaction_data";

    /// What was collected for the transaction with this local id; "": none runs.
    TransactionData(const std::string& transaction, const std::vector<Record>& saved);

    /// A new transaction: empty.
    void begin(const std::string& transaction);
    /// With `most` elements (at least 2) every second one of those between the first and the last gives way.
    void add(MeterValue value, std::size_t most, Effects& effects);
    /// All of it, oldest first; nothing stays behind.
    std::vector<MeterValue> take(Effects& effects);

  private:
    struct Entry {
        std::int64_t number;
        MeterValue value;
    };

    [[nodiscard]] std::string key(std::int64_t number) const;
    void erase(const Entry& entry, Effects& effects) const;

    std::string transaction_;
    std::vector<Entry> entries_;
    std::int64_t last_number_ = 0;
};

}  // namespace busbar::ocpp
