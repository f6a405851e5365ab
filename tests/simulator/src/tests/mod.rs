mod client;
mod faults;
mod protocols;
mod scripts;
