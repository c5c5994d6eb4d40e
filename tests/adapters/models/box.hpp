// SPDX-License-Identifier: Apache-2.0
// A charger as its vendor's register table draws it: documented addresses, a car, a watchdog, and no
// patience.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/registers.hpp"
#include "gateway/base/reading.hpp"

namespace busbar::adapters::models {

class Box;

/// What the box shows in its registers.
struct Look {
    bool plugged = false;
    bool charging = false;
    bool fault = false;
    double offered = 0;  ///< A a phase, as signalled to the car
    double amperes = 0;  ///< A a phase
    double total_wh = 0;
    double session_wh = 0;

    [[nodiscard]] double watts() const { return amperes * 3 * 230; }
};

struct Preset {
    config::Table table;
    int address;
    Words words;
};

/// One row of the test's table: the vendor's document as data, without a look at our profile.
struct Model {
    std::string id;
    int unit = 1;
    int second_unit = 0;   ///< shares the map; 0: there is none
    std::string readable;  ///< "i4-18 h257 c20000": i input, h holding, c coil; first-last
    std::string writable;
    std::vector<Preset> power_on;               ///< what it forgets at power-off comes back as this
    std::function<double(const Box&)> offered;  ///< by its registers, A
    std::function<void(Box&, const Look&)> show;
    /// An exception for a value out of range; 0 takes it. Absent: all are taken.
    std::function<int(const Box&, int address, int value)> refuses{};

    milliseconds gap{0};     ///< it does not hear what comes sooner after its last answer
    int longest_read = 125;  ///< registers
    milliseconds watchdog{0};
    int watchdog_register = -1;                    ///< only a write there feeds it; -1: any request
    int healed_by = -1;                            ///< after a missed life sign it also wants a write there
    std::function<double(const Box&)> fallback{};  ///< A, once the watchdog ran out

    double max_a = 32;  ///< of this unit
    FaultCode fault_code = FaultCode::OtherError;
    std::string vendor_code = {};  ///< raw, as vendorErrorCode has to contain it
    std::string serial = {};       ///< empty: not readable
    bool counts_lifetime = false;  ///< has a lifetime register
    bool counts_session = false;
    bool measures_power = false;
    bool setpoint_readable = true;
    std::size_t most_writes = 4;  ///< in 30 steady seconds
};

class Box final : public Registers {
  public:
    struct Write {
        SteadyTime at;
        int address;
        Words words;
    };

    Box(const Model& model, SteadyTime& clock);

    Result<SteadyTime> open() override { return SteadyTime{}; }
    void interrupt() override {}
    [[nodiscard]] bool numbers_requests() const override { return false; }

    // What happens to it
    void plug(bool in);
    void asks(bool yes) { asks_ = yes; }
    void fail(bool yes) { fault_ = yes; }
    void cable(bool connected) { connected_ = connected; }  ///< of the bus
    void power(bool on);
    void starve() { starved_ = true; }            ///< a life sign got lost
    void busy(int times) { busy_ = times; }       ///< exception 6
    void lag(milliseconds time) { lag_ = time; }  ///< until a setpoint shows in its register
    void settle();                                ///< the car and the watchdog, up to now

    // Registers
    void put(config::Table table, int address, int value);
    void put32(config::Table table, int address, double value, bool low_first = false);
    void put_float(config::Table table, int address, double value, bool low_first = false);
    void put_double(config::Table table, int address, double value);
    void put_text(config::Table table, int address, std::string_view text, int per_register,
                  bool swapped = false);
    [[nodiscard]] int get(int address, config::Table table = config::Table::holding) const;
    [[nodiscard]] std::uint32_t get32(int address, config::Table table = config::Table::holding) const;
    [[nodiscard]] double get_float(int address, bool low_first = false) const;

    [[nodiscard]] const Look& look() const { return look_; }
    [[nodiscard]] bool expired() const;
    [[nodiscard]] std::size_t writes_since(SteadyTime from) const;

    std::map<std::string, int> complaints;  ///< what a strict reader of the document objects to
    std::map<int, int> probes;              ///< reads of addresses that are all undocumented
    std::vector<Write> writes;
    double most_offered = 0;  ///< since it was last set to 0

  private:
    using Place = std::pair<config::Table, int>;
    Exchange<Words> transfer_read(const Span& span, milliseconds reply_timeout) override;
    Exchange<void> transfer_write(const Span& span, const Words& words, config::WriteFunction function,
                                  milliseconds reply_timeout) override;
    std::optional<ExchangeError> hear(const Span& span, milliseconds reply_timeout);
    std::optional<ExchangeError> answer(const Span& span, std::optional<ExchangeError> error);
    int judge(const Span& span, const Words& words);
    [[nodiscard]] Words words_of(const Span& span) const;

    const Model& model_;
    SteadyTime& clock_;
    std::set<Place> readable_;
    std::set<Place> writable_;
    std::map<Place, std::uint16_t> memory_;
    std::map<Place, std::pair<SteadyTime, std::uint16_t>> old_;  ///< still shown until then
    Look look_;
    bool asks_ = true;
    bool fault_ = false;
    bool connected_ = true;
    bool powered_ = true;
    bool starved_ = false;
    int busy_ = 0;
    milliseconds lag_{0};
    SteadyTime fed_{};
    SteadyTime settled_{};
    std::optional<SteadyTime> answered_;
};

}  // namespace busbar::adapters::models
