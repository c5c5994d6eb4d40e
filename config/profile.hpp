// SPDX-License-Identifier: Apache-2.0
// A charger profile: the register map of one model of charger or meter, as data. config/README.md says how
// to write one; this header is what the reader makes of it and what adapters/profile_charger interprets.
#pragma once

#include <functional>
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
/// ascii and utf16 (big-endian) lose trailing NUL, 0xFF and blanks; hex is upper-case digits of all bytes. A
/// text that is then empty, or hex of only 00 or only FF, is not available; so is a NaN of f32 and f64. bcd:
/// the decimal digits in the nibbles, a text; version: the bytes in decimal
/// with dots between, leading 0 bytes dropped ("1.6.5").
enum class ValueType {
    u16,
    i16,
    u32,
    i32,
    u64,
    i64,
    f32,
    f64,
    u8_high,
    u8_low,
    ascii,
    hex,
    utf16,
    bcd,
    version
};
/// What stands between the scaled number and its value. duty_cycle: the number is the control pilot's duty
/// cycle in percent, the value amperes (IEC 61851-1 table A.8): 10 to 85 % is 0.6 A a percent, up to 96 %
/// (d - 64) * 2.5 A, anything else 0 A; 0 A is written as 100 %.
enum class Conversion { none, duty_cycle };
enum class WordOrder { high_first, low_first };  ///< of numbers longer than one register, bytes big-endian
enum class PollClass { fast, slow, once };       ///< each cycle; every slow_interval; until it was read once
enum class Access { read, write, read_write };
enum class WriteFunction { automatic, single, multiple };  ///< FC05/06 or FC15/16; automatic: by the count

/// "register R has a value that ...": the operators given must all hold (the reader grants at least one); a
/// register not (yet) read, or not available, holds none. Or "the installation has N phases".
struct Condition {
    std::string reg;                       ///< "" with `phases`
    std::optional<int> digit;              ///< compared is this decimal digit of the value, 1 = the ones
    std::vector<double> equals;            ///< of the scaled value; any of; empty: not asked
    std::vector<std::string> equals_text;  ///< for ascii, hex, utf16 registers; any of
    std::vector<double> not_equals;        ///< none of
    std::optional<double> below;
    std::optional<double> at_least;
    std::vector<int> bits_set;    ///< of the raw integer before mask, 0 = lowest; all of
    std::vector<int> bits_clear;  ///< all of
    /// Of a register read `once`: true: the charger answered it; false: it was given up (an exception, a
    /// closed connection, silence three times).
    std::optional<bool> exists;
    std::optional<int> phases;  ///< holds where the charger's `phases` in the configuration is this
    friend bool operator==(const Condition&, const Condition&) = default;
};
using Conditions = std::vector<Condition>;  ///< all must hold; empty: true

/// One named value of the map. A number reads as: raw (masked, shifted) * scale + offset, in the unit its
/// user says (A, V, W, Wh, degrees).
struct Register {
    std::string name;
    std::string unit_name;  ///< key into the charger's `units`; "" = the charger's own unit id
    Table table = Table::holding;
    int address = 0;  ///< zero-based, as on the wire; of the first connector
    /// Added for each further connector; empty: the profile's. 0: one register for all connectors.
    std::optional<int> stride;
    int count = 1;  ///< registers (or 1 for coil, discrete); the reader fills in what the type says
    ValueType type = ValueType::u16;  ///< coil, discrete: u16 with the values 0 and 1
    WordOrder word_order = WordOrder::high_first;
    bool byte_swap = false;             ///< low byte first in each register (strings and numbers)
    std::optional<std::uint64_t> mask;  ///< applied to the raw integer, then shifted down to bit 0; one run
                                        ///< of bits; only on registers that are read and u16, u32 or u64
    double scale = 1.0;
    double offset = 0.0;
    std::string exponent;  ///< a register whose value is the power of ten to multiply with (SunSpec's sf); ""
    Conversion conversion = Conversion::none;
    std::vector<double> absent;  ///< raw numbers, signed if the type is, before mask: "not available"
    std::vector<double> zero;    ///< the same, but they mean 0 (noise, "off"), whatever scale and offset say
    std::optional<double> minimum;  ///< after scaling; outside = not available
    std::optional<double> maximum;
    PollClass poll = PollClass::fast;
    Access access = Access::read;
    WriteFunction write_function = WriteFunction::automatic;
    /// Values that may be written, in the register's unit; empty: whatever fits. A masked register that is
    /// written keeps the other bits as they were read last; it is not written before.
    std::vector<double> allowed;
    /// The value counts only while these hold (any registers that have no such conditions themselves).
    Conditions valid_when;
    /// The register exists only if; names registers read `once` that have no `when` themselves. One that does
    /// not exist is never read; a write to it (limit, required, sequence, watchdog) is left out without an
    /// error.
    Conditions when;
    friend bool operator==(const Register&, const Register&) = default;
};

/// Ordered; the first whose conditions hold decides. None holds: CpState::unknown.
struct StateRule {
    Conditions when;
    CpState state = CpState::unknown;
    bool keep = false;  ///< "keep": hold the previous state and its flags (for a moment that means nothing)
    /// The rule holds only from the first step of this sequence until `grace` after its last: "wake_up",
    /// "reboot", "recovery", "init", "phases_1", "phases_3", or "required" for the writes of `required`.
    /// Empty: always.
    std::string grace_after;
    milliseconds grace{0};
    bool auth_wait = false;
    bool locked_out = false;
    bool finished = false;
    bool derated = false;
    std::optional<FaultCode> fault;
    std::string fault_text;
    std::string fault_register;  ///< whose raw value becomes the vendor code; the reader fills in the
                                 ///< default, the first condition's. Never empty with a fault
    friend bool operator==(const StateRule&, const StateRule&) = default;
};

/// First match is the reading's fault (after a fault in the state rule).
struct FaultRule {
    Conditions when;  ///< never empty
    FaultCode code = FaultCode::OtherError;
    std::string text;
    std::string fault_register;  ///< as in StateRule
    friend bool operator==(const FaultRule&, const FaultRule&) = default;
};

/// A register, or the sum of several: {"sum": ["power_l1", "power_l2", "power_l3"]}. A sum has a value when
/// all its registers that this charger has (`when`) have one, and at least one does.
using Source = std::vector<std::string>;

/// Each list: the first source that has a value wins.
struct Measurements {
    std::vector<Source> energy_import_wh;
    std::vector<Source> energy_session_wh;
    std::vector<Source> power_w;
    std::array<std::vector<std::string>, 3> current_a;
    std::array<std::vector<std::string>, 3> voltage_v;
    std::vector<std::string> offered_a;
    std::vector<std::string> temperature_c;
    std::vector<std::string> soc_percent;
    /// Registers of any type; a number reads as its decimal digits. A hex register is cut to 4, 7 or 10
    /// bytes, the lengths of a card's UID, where only 00 follows.
    std::vector<std::string> id_tag;
    std::vector<std::string> serial;        ///< of any type; the charger's, never in a meter's profile
    std::vector<std::string> firmware;      ///< of any type
    std::vector<std::string> meter_serial;  ///< of any type; in a meter's profile its own serial
    friend bool operator==(const Measurements&, const Measurements&) = default;
};

/// How a current limit is set.
struct Limit {
    std::vector<std::string> registers;  ///< all written with the same value (one per phase, total and part)
    bool in_watts = false;               ///< the register takes the sum of the phases' power
    double min_a = 6;
    double max_a = 16;
    std::vector<std::string> max_registers;  ///< A; each narrows max_a when it has a value
    std::string min_register;
    double step_a = 1;                  ///< whole steps fit the registers; never 0
    std::optional<double> pause_value;  ///< written for "no current", in the register's scaled unit (A or W);
                                        ///< absent: pausing is `enable`'s work, and there is one
    /// In place of pause_value: the raw integer, whatever scale and offset each register has.
    std::optional<double> pause_raw;
    bool read_back = true;  ///< false where the registers cannot be read
    /// Which limit the box holds (A, or W with in_watts), where the written registers cannot be read. While
    /// it has a value the limit is compared with it, and `rewrite` rests. "": none.
    std::string read_back_register;
    bool stored = false;      ///< the register is EEPROM: written only when different
    milliseconds rewrite{0};  ///< documented keep-alive: write the same value again this often; 0: none
    /// Seconds a setpoint stays valid, as a register says: it is rewritten after half of the largest value
    /// seen since the charger answers, and at least each `rewrite`.
    std::string rewrite_register;
    /// At least this long between a write and a raise; a lower limit never waits.
    milliseconds raise_interval{0};
    friend bool operator==(const Limit&, const Limit&) = default;
};

/// A separate switch beside the limit. To pause: off first, then pause_value if there is one. To offer: the
/// limit first, then on.
struct Enable {
    std::string reg;
    double on = 1;
    double off = 0;
    /// Where the switch is a command ("start", "stop") that a car's coming or going undoes: while current is
    /// offered and these hold, `on` is written again, once each `again_after`. Empty: never.
    Conditions again_when{};
    milliseconds again_after{10'000};
    friend bool operator==(const Enable&, const Enable&) = default;
};

/// What must be written again and again, or read, so that the box trusts that we live.
struct Watchdog {
    std::string reg;               ///< "" : any exchange will do
    std::vector<double> values;    ///< written in turn; not empty with a reg
    milliseconds period{0};        ///< at most this long between two; 0: the box has no watchdog
    std::string period_register;   ///< seconds the box waits for us: a part of it, when shorter than `period`
    double period_fraction = 0.5;  ///< that part
    friend bool operator==(const Watchdog&, const Watchdog&) = default;
};

/// A register that must hold a value; written at start and after an outage, when it differs or cannot be
/// read.
struct Required {
    std::string reg;
    double value = 0;
    bool is_failsafe_current = false;     ///< value is replaced by the installation's failsafe current
    Conditions when;                      ///< on registers read `once`
    std::optional<double> pause_value{};  ///< with is_failsafe_current: written in place of 0 A
    friend bool operator==(const Required&, const Required&) = default;
};

/// A step whose `when` does not hold as its turn comes is left out.
struct WriteStep {
    std::string reg;
    double value;
    Conditions when{};
    friend bool operator==(const WriteStep&, const WriteStep&) = default;
};
struct WaitStep {
    milliseconds duration;
    Conditions when{};
    friend bool operator==(const WaitStep&, const WaitStep&) = default;
};
/// Reading goes on until the conditions hold; after `timeout` the sequence ends with an error.
struct WaitUntilStep {
    Conditions until;
    milliseconds timeout;
    Conditions when{};
    friend bool operator==(const WaitUntilStep&, const WaitUntilStep&) = default;
};
using Step = std::variant<WriteStep, WaitStep, WaitUntilStep>;
using Sequence = std::vector<Step>;

struct Pacing {
    milliseconds gap{0};              ///< from the end of an answer to the next request to the same unit
    milliseconds gap_after_write{0};  ///< the same after a write, when longer
    milliseconds reply_timeout{500};
    int retries = 1;  ///< of one exchange before it counts as failed
    milliseconds delay_after_connect{0};
    milliseconds slow_interval{10'000};
    milliseconds unit_switch{0};   ///< from the end of another unit's answer to a request to this one
    milliseconds reconnect{1000};  ///< between two attempts to connect: of a bus, the longest of its devices
    /// Each request is sent twice while the first stays unanswered for a reply_timeout: the first wakes the
    /// box. Costs no `retries`.
    bool send_twice = false;
    friend bool operator==(const Pacing&, const Pacing&) = default;
};

struct ReadLimits {
    int max_registers = 125;  ///< in one request; no register of the profile is longer
    bool merge = true;        ///< false: one value a read
    struct Block {
        std::string unit_name;
        Table table = Table::holding;
        int address = 0;
        int count = 1;
        friend bool operator==(const Block&, const Block&) = default;
    };
    /// Registers inside a block are always read as this whole block and never with others.
    std::vector<Block> blocks;
    struct Addresses {
        Table table = Table::holding;
        int first = 0;
        int last = 0;
        friend bool operator==(const Addresses&, const Addresses&) = default;
    };
    /// Never read or written, whatever else the profile says: no register may lie there.
    std::vector<Addresses> forbidden;
    friend bool operator==(const ReadLimits&, const ReadLimits&) = default;
};

enum class Confidence { verified, documented, reported };

/// What is spoken on the wire. All but modbus need a bus of kind `serial` (abl also takes `ascii`) or, for
/// keba, `keba-udp`. abl is a register map in ABL's own framing; rapi, evcc1 and keba are drivers in C++ that
/// take from the profile only head, transport, pacing and limit; frames is FrameTemplate.
enum class Protocol { modbus, abl, rapi, evcc1, keba, frames };

/// What the box does by itself when the gateway is gone.
enum class Fallback {
    stops,        ///< charging ends
    failsafe,     ///< it falls back to its failsafe current, which `required` sets
    keeps_limit,  ///< the last limit stays
    full_power,   ///< DANGEROUS: it returns to its own maximum; said at commissioning
};

/// A box that only listens: the frame sent for a limit, again and again. Hex digits, blanks between; a field
/// in braces is the limit: {limit*10:u16} or {limit:u32}, {u16le} and {u32le} with the low byte first, and
/// {sum8}, {xor8}, {crc16} over all bytes before. Example: "5AA5 08 00AA {limit*10:u32} A55A".
struct FrameTemplate {
    std::string limit;
    milliseconds repeat{1000};
    friend bool operator==(const FrameTemplate&, const FrameTemplate&) = default;
};

/// A charger with several sockets. Connector n has each register at address + (n - 1) * stride, at the unit
/// id that `units` names for it (registers that name a unit themselves stay where they are).
struct Connectors {
    int most = 1;
    int stride = 0;                    ///< of registers that give none themselves
    std::map<int, std::string> units;  ///< connector 2.. -> unit name
    friend bool operator==(const Connectors&, const Connectors&) = default;
};

struct Profile {
    std::string id;
    bool is_meter = false;
    std::string vendor;  ///< OCPP chargePointVendor, 20 characters
    std::string model;   ///< OCPP chargePointModel, 20 characters
    std::string source;
    Confidence confidence = Confidence::reported;
    std::string when_gateway_dies;  ///< a sentence for the person who commissions
    Protocol protocol = Protocol::modbus;
    std::optional<Fallback> fallback;  ///< a charger has one
    Connectors connectors;
    int phases = 3;
    std::vector<BusKind> bus_kinds;
    std::optional<int> baud;  ///< the model's usual serial settings, for check and scan
    std::optional<Parity> parity;
    std::optional<int> stop_bits;
    int default_unit_id = 1;
    std::optional<int> tcp_port;                      ///< where the model usually listens
    bool single_client = false;                       ///< over TCP the box serves one connection only
    std::map<std::string, std::optional<int>> units;  ///< further unit ids by name, with the usual id if any
    /// What shows that a device that answers is this model; for the scan. Empty: it cannot be told.
    Conditions identify;
    Pacing pacing;
    ReadLimits read_limits;
    std::map<std::string, Register> registers;
    std::vector<StateRule> state;
    std::vector<FaultRule> faults;
    Measurements measurements;
    std::optional<FrameTemplate> frames;  ///< protocol frames has it
    std::optional<Limit> limit;           ///< a charger has one, a meter has none
    std::optional<Enable> enable;
    Watchdog watchdog;
    std::vector<Required> required;
    /// wake_up, unlock, reboot, phases_1 and phases_3: on command, the last two on a paused charger. init:
    /// each time the charger is met, before `required`. recovery: after an outage, before `required`, and
    /// while the charger shows a fault, once a minute at most.
    std::map<std::string, Sequence> sequences;
    friend bool operator==(const Profile&, const Profile&) = default;
};

/// Reads one profile (JSON, comments allowed). Pure. Every problem at once: names that point nowhere, a write
/// to a register that is read only, a value that does not fit its register, a rule that can never match.
Checked<Profile> parse_profile(std::string_view text);

/// id -> profile, from `dirs` in order; the first directory that defines an id wins, twice in one is a
/// problem. Reads *.json (but *.schema.json and *.fixture.json) in each directory and its direct subfolders.
/// A problem's path is the file's name, then ": " and the JSON path; a broken file hides no other, so `value`
/// holds what could be read.
/// `wanted`, where it is given, is asked about each file by its name without .json; others are not read.
Checked<std::map<std::string, Profile>> load_profiles(
    const std::vector<std::string>& dirs, const std::function<bool(const std::string&)>& wanted = {});

/// How many connectors the charge point of `charger` has: `connectors`, or one more than the sockets that
/// `units` names.
int connectors_of(const Charger& charger, const Profile& profile);

/// Further unit ids of the charger by name: what its `units` say, else the profile's usual ids. Holds every
/// name its registers, blocks and connectors in use need, once check_together() found no problem.
std::map<std::string, int> units_of(const Charger& charger, const Profile& profile);

/// What the two files say together: profiles that exist, bus kinds that fit, modes that need a card reader,
/// unit names the profile asks for, one protocol a bus, limits within the model's. Paths are the
/// configuration's.
std::vector<Problem> check_together(const Config& config, const std::map<std::string, Profile>& profiles);

/// What works and still should be known by who commissions: boxes that return to full power without the
/// gateway, two connections to a box that serves one, groups too small for their chargers. Profiles that are
/// not there are check_together()'s matter.
std::vector<Problem> warnings_together(const Config& config, const std::map<std::string, Profile>& profiles);

}  // namespace busbar::config
