// SPDX-License-Identifier: Apache-2.0
// A charger profile: the register map of one model of charger or meter, as data. config/README.md says how
// to write one; this header is what the reader makes of it and what adapters/profile_charger interprets.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "gateway/base/reading.hpp"

namespace busbar::config {

enum class Table { input, holding, coil, discrete };  ///< function codes 4, 3, 1, 2 for reading
enum class ValueType { u16, i16, u32, i32, u64, i64, f32, f64, u8_high, u8_low, ascii, hex, utf16 };
enum class WordOrder { high_first, low_first };  ///< of values longer than one register, bytes big-endian
enum class PollClass { fast, slow, once };       ///< each cycle; every slow_interval; until it was read once
enum class Access { read, write, read_write };
enum class WriteFunction { automatic, single, multiple };  ///< FC05/06 or FC15/16

/// "register R has a value that ...": the operators given must all hold; a register not (yet) read holds none.
struct Condition {
    std::string reg;
    std::vector<double> equals;  ///< any of; empty: not asked
    std::vector<std::string> equals_text;  ///< for ascii, hex, utf16 registers
    std::vector<double> not_equals;        ///< none of
    std::optional<double> below;
    std::optional<double> at_least;
    std::vector<int> bits_set;    ///< of the raw integer, 0 = lowest; all of
    std::vector<int> bits_clear;  ///< all of
};
using Conditions = std::vector<Condition>;  ///< all must hold; empty: true

/// One named value of the map. A number reads as: raw (masked, shifted) * scale + offset, in the unit its
/// user says (A, V, W, Wh, degrees).
struct Register {
    std::string name;
    std::string unit_name;  ///< key into the charger's `units`; "" = the charger's own unit id
    Table table = Table::holding;
    int address = 0;  ///< zero-based, as on the wire
    int count = 1;    ///< registers (or 1 for coil, discrete)
    ValueType type = ValueType::u16;
    WordOrder word_order = WordOrder::high_first;
    bool byte_swap = false;  ///< low byte first in each register (strings and numbers)
    std::optional<std::uint64_t> mask;  ///< applied to the raw integer, then shifted down to bit 0
    double scale = 1.0;
    double offset = 0.0;
    std::vector<double> absent;     ///< raw values that mean "not available"
    std::optional<double> minimum;  ///< after scaling; outside = not available
    std::optional<double> maximum;
    PollClass poll = PollClass::fast;
    Access access = Access::read;
    WriteFunction write_function = WriteFunction::automatic;
    Conditions when;  ///< exists only if (on registers read `once`)
};

/// Ordered; the first whose conditions hold decides.
struct StateRule {
    Conditions when;
    CpState state = CpState::unknown;
    bool keep = false;  ///< "keep": hold the previous state (for a moment that means nothing)
    std::string grace_after;  ///< the rule holds only within grace of this sequence: "wake_up", ...
    milliseconds grace{0};
    bool auth_wait = false;
    bool locked_out = false;
    bool finished = false;
    bool derated = false;
    std::optional<FaultCode> fault;
    std::string fault_text;
    std::string fault_register;  ///< whose raw value becomes the vendor code; default: first condition's
};

/// First match is the reading's fault (after a fault in the state rule).
struct FaultRule {
    Conditions when;
    FaultCode code = FaultCode::OtherError;
    std::string text;
    std::string fault_register;
};

/// Each list: the first register that has a value wins.
struct Measurements {
    std::vector<std::string> energy_import_wh;
    std::vector<std::string> energy_session_wh;
    std::vector<std::string> power_w;
    std::array<std::vector<std::string>, 3> current_a;
    std::array<std::vector<std::string>, 3> voltage_v;
    std::vector<std::string> offered_a;
    std::vector<std::string> temperature_c;
    std::vector<std::string> soc_percent;
    std::vector<std::string> id_tag;
    std::vector<std::string> serial;
    std::vector<std::string> firmware;
    std::vector<std::string> meter_serial;
};

/// How a current limit is set.
struct Limit {
    std::vector<std::string> registers;  ///< all written with the same value (one per phase, total and part)
    bool in_watts = false;               ///< the register takes the sum of the phases' power
    double min_a = 6;
    double max_a = 16;
    std::string max_register;  ///< A; narrows max_a when it has a value
    std::string min_register;
    double step_a = 1;
    std::optional<double> pause_value;  ///< written for "no current"; absent: pausing is `enable`'s work
    bool read_back = true;
    bool stored = false;      ///< the register is EEPROM: written only when different
    milliseconds rewrite{0};  ///< documented keep-alive: write the same value again this often
};

/// A separate switch beside the limit.
struct Enable {
    std::string reg;
    double on = 1;
    double off = 0;
};

/// What must be written again and again, or read, so that the box trusts that we live.
struct Watchdog {
    std::string reg;             ///< "" : any exchange will do
    std::vector<double> values;  ///< written in turn
    milliseconds period{0};
};

/// A register that must hold a value; written at start and after recovery, when it differs or cannot be read.
struct Required {
    std::string reg;
    double value = 0;
    bool is_failsafe_current = false;  ///< value is replaced by the installation's failsafe current
    Conditions when;
};

struct WriteStep {
    std::string reg;
    double value;
};
struct WaitStep {
    milliseconds duration;
};
using Step = std::variant<WriteStep, WaitStep>;
using Sequence = std::vector<Step>;

struct Pacing {
    milliseconds gap{0};               ///< from the end of an answer to the next request to the same unit
    milliseconds gap_after_write{0};   ///< the same after a write, when longer
    milliseconds reply_timeout{500};
    int retries = 1;                   ///< of one exchange before it counts as failed
    milliseconds delay_after_connect{0};
    milliseconds slow_interval{10'000};
};

struct ReadLimits {
    int max_registers = 125;
    bool merge = true;  ///< false: one value a read
};

enum class Confidence { verified, documented, reported };

struct Profile {
    std::string id;
    bool is_meter = false;
    std::string vendor;  ///< OCPP chargePointVendor, 20 characters
    std::string model;   ///< OCPP chargePointModel, 20 characters
    std::string source;
    Confidence confidence = Confidence::reported;
    std::string when_gateway_dies;  ///< a sentence for the person who commissions
    int connectors = 1;
    int phases = 3;
    std::vector<BusKind> bus_kinds;
    std::optional<int> baud;  ///< the model's usual serial settings, for check and scan
    std::optional<Parity> parity;
    std::optional<int> stop_bits;
    int default_unit_id = 1;
    Pacing pacing;
    ReadLimits read_limits;
    std::map<std::string, Register> registers;
    std::vector<StateRule> state;
    std::vector<FaultRule> faults;
    Measurements measurements;
    std::optional<Limit> limit;  ///< a charger has one, a meter has none
    std::optional<Enable> enable;
    Watchdog watchdog;
    std::vector<Required> required;
    std::map<std::string, Sequence> sequences;  ///< wake_up, reboot, recovery
};

/// Reads one profile (JSON, comments allowed). Pure. Every problem at once: names that point nowhere, a write to
/// a register that is read only, a value that does not fit its register, a rule that can never match.
Checked<Profile> parse_profile(std::string_view text);

/// id -> profile, from `dirs` in order; the first file that defines an id wins. Problems carry the file name in
/// front of the JSON path. Reads *.json in each directory and its direct subfolders.
Checked<std::map<std::string, Profile>> load_profiles(const std::vector<std::string>& dirs);

/// What the two files say together: profiles that exist, bus kinds that fit, modes that need a card reader,
/// unit names the profile asks for, limits within the model's.
std::vector<Problem> check_together(const Config& config, const std::map<std::string, Profile>& profiles);

}  // namespace busbar::config
