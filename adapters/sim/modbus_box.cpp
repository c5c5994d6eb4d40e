// SPDX-License-Identifier: Apache-2.0
// What all Modbus chargers have in common.
#include "adapters/sim/modbus_box.hpp"

#include <nlohmann/json.hpp>

#include "adapters/sim/ascii_frame.hpp"
#include "adapters/sim/modbus_rtu_frame.hpp"
#include "adapters/sim/modbus_tcp_frame.hpp"

namespace busbar::sim {

namespace {

constexpr std::size_t remembered_writes = 100;

template <class Form>
std::unique_ptr<Framing> make() {
    return std::make_unique<Form>();
}

}  // namespace

constinit const Protocol modbus_protocol{
    "Modbus", make<RtuFraming>, make<MbapFraming>, nullptr,
    []() -> std::unique_ptr<Framing> { return std::make_unique<AsciiFraming>(':', 1s); }};

std::optional<Bytes> ModbusBox::exchange(const Bytes& request) {
    if (!hear()) {
        return std::nullopt;
    }
    Bytes answer = answer_pdu(*this, request);
    if (is_exception(answer)) {
        ++exception_count_;
    }
    return answer;
}

void ModbusBox::write(std::uint16_t address, std::uint16_t value) {
    store(address, value);
    ++write_count_;
    writes_.push_back({now(), address, value});
    if (writes_.size() > remembered_writes) {
        writes_.pop_front();
    }
}

nlohmann::json ModbusBox::writes() const {
    nlohmann::json list = nlohmann::json::array();
    for (const Write& write : writes_) {
        const auto since_start = std::chrono::duration_cast<milliseconds>(write.at - start());
        list.push_back({{"t_ms", since_start.count()}, {"address", write.address}, {"value", write.value}});
    }
    return list;
}

}  // namespace busbar::sim
