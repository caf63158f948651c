//! The program and the machine.

use super::report::Section;
use crate::cli::version::{BUILT_FOR, VERSION, bf16_units, f32_path};
use crate::text::shown_bytes;
use crate::train::{available_memory, available_threads};
use serde_json::Value;
use sysinfo::{CpuRefreshKind, System};

/// What the program is and with what it computes.
pub fn program() -> Section {
    let mut section = Section::new("Program");
    section.add("version", VERSION);
    section.add("built for", BUILT_FOR);
    section.add("built with", env!("BUILT_WITH"));
    section.add("f32 on", f32_path());
    section.add("bf16 on", bf16_units());
    section
}

/// System, CPU and memory.
pub fn machine() -> Section {
    let mut section = Section::new("Machine");
    section.add("system", System::long_os_version().ok());
    section.add("kernel", System::kernel_version().ok());
    let mut system = System::new().ok();
    let cpu = system.as_mut().and_then(|system| {
        system.refresh_cpu_list(CpuRefreshKind::nothing());
        let name = system.cpus().first()?.brand().trim().to_owned();
        (!name.is_empty()).then_some(name)
    });
    section.add("CPU", cpu);
    section.add("cores", System::physical_core_count().ok());
    section.add("threads", available_threads());
    let total = system.as_mut().map(|system| {
        system.refresh_memory();
        system.total_memory()
    });
    let bytes = |bytes: Option<u64>| bytes.filter(|bytes| *bytes > 0).map(shown_bytes);
    section.add("memory", bytes(total));
    section.add("memory free", bytes(available_memory()));
    for variable in ["FMNIST_LOG", "RAYON_NUM_THREADS"] {
        if let Ok(value) = std::env::var(variable) {
            section.add(variable, Value::String(value));
        }
    }
    section
}
