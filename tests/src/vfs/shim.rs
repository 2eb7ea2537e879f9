//! The disk as `SQLite` calls it.
//!
//! Invariants for everything unsafe in here: `SQLite` hands back exactly the pointers it was given
//! (`pAppData` points to a `Shared` that outlives the registration, `OpenFile::handle` to a box
//! made by `open` and freed by `close`), its buffers are as long as it says, and it never uses one
//! connection from two threads at once.
#![expect(unsafe_code, reason = "SQLite's file systems are C structures with pointers in them")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::ffi;

use super::disk::{Disk, Refused};
use super::locks::{Holder, Level, Locks};

type Shared = Arc<Mutex<Disk>>;

/// A disk that `SQLite` knows by name until this is dropped.
#[derive(Debug)]
pub(super) struct Registered {
    name: CString,
    vfs: *mut ffi::sqlite3_vfs,
}

// SAFETY: the structure behind the pointer is only read after it was made, and what it points to
// is behind a mutex.
unsafe impl Send for Registered {}
// SAFETY: as above.
unsafe impl Sync for Registered {}

/// What `SQLite` allocates for an open file: its own part first.
#[repr(C)]
struct OpenFile {
    base: ffi::sqlite3_file,
    handle: *mut Handle,
}

struct Handle {
    disk: Shared,
    name: String,
    holder: Holder,
    mapped: bool,
    delete_on_close: bool,
}

impl Registered {
    pub(super) fn new(disk: Shared) -> Option<Self> {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = CString::new(format!("wijkboek-faulty-{n}")).ok()?;
        let vfs = Box::into_raw(Box::new(ffi::sqlite3_vfs {
            iVersion: 2,
            szOsFile: c_int::try_from(size_of::<OpenFile>()).ok()?,
            mxPathname: 512,
            pNext: ptr::null_mut(),
            zName: name.as_ptr(),
            pAppData: Box::into_raw(Box::new(disk)).cast(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: Some(current_time),
            xGetLastError: Some(last_error),
            xCurrentTimeInt64: Some(current_time_ms),
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        }));
        // SAFETY: the structure stays where it is until it is unregistered in `drop`.
        let answer = unsafe { ffi::sqlite3_vfs_register(vfs, 0) };
        (answer == ffi::SQLITE_OK).then_some(Self { name, vfs })
    }

    pub(super) fn name(&self) -> &str {
        self.name.to_str().unwrap_or_default()
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        // SAFETY: both boxes were made in `new`, and after unregistering nobody finds them; the
        // owner promises that its databases are closed.
        unsafe {
            ffi::sqlite3_vfs_unregister(self.vfs);
            drop(Box::from_raw((*self.vfs).pAppData.cast::<Shared>()));
            drop(Box::from_raw(self.vfs));
        }
    }
}

static NEXT: AtomicUsize = AtomicUsize::new(1);

fn locked(disk: &Shared) -> MutexGuard<'_, Disk> {
    disk.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The disk of a file system.
///
/// # Safety
/// `vfs` is one that [`Registered::new`] made.
unsafe fn disk_of<'a>(vfs: *mut ffi::sqlite3_vfs) -> &'a Shared {
    // SAFETY: see above.
    unsafe { &*(*vfs).pAppData.cast::<Shared>() }
}

/// What is behind an open file.
///
/// # Safety
/// `file` is one that [`open`] filled and [`close`] has not yet.
unsafe fn handle_of<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Handle {
    // SAFETY: see above.
    unsafe { &mut *(*file.cast::<OpenFile>()).handle }
}

fn text(name: *const c_char) -> Option<String> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite's names end with a zero.
    Some(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: see the head of this file; `out_flags` may be null.
    unsafe {
        let file = file.cast::<OpenFile>();
        (*file).base.pMethods = ptr::null();
        let shared = disk_of(vfs);
        let holder = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = text(name).unwrap_or_else(|| format!("/temporary-{holder}"));
        let mut disk = locked(shared);
        if !disk.exists(&name) {
            if flags & ffi::SQLITE_OPEN_CREATE == 0 {
                return ffi::SQLITE_CANTOPEN;
            }
            if disk.create(&name).is_err() {
                return ffi::SQLITE_CANTOPEN;
            }
        }
        disk.open += 1;
        drop(disk);
        let handle = Handle {
            disk: Arc::clone(shared),
            name,
            holder,
            mapped: false,
            delete_on_close: flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0,
        };
        (*file).handle = Box::into_raw(Box::new(handle));
        (*file).base.pMethods = &raw const METHODS;
        if !out_flags.is_null() {
            *out_flags = flags;
        }
        ffi::SQLITE_OK
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: see the head of this file; the handle is not used after this.
    let handle = unsafe { Box::from_raw((*file.cast::<OpenFile>()).handle) };
    let mut disk = locked(&handle.disk);
    disk.open -= 1;
    if let Some(locks) = disk.locks.get_mut(&handle.name) {
        locks.lower(handle.holder, Level::None);
    }
    if handle.delete_on_close {
        // Nobody can name it any more, whether or not this worked.
        let _ = disk.remove(&handle.name, true);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    buffer: *mut c_void,
    count: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: see the head of this file.
    let (handle, buffer) = unsafe {
        (handle_of(file), std::slice::from_raw_parts_mut(buffer.cast::<u8>(), length(count)))
    };
    match locked(&handle.disk).read(&handle.name, position(offset), buffer) {
        Ok(true) => ffi::SQLITE_OK,
        Ok(false) => ffi::SQLITE_IOERR_SHORT_READ,
        Err(_) => ffi::SQLITE_IOERR_READ,
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    buffer: *const c_void,
    count: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: see the head of this file.
    let (handle, bytes) = unsafe {
        (handle_of(file), std::slice::from_raw_parts(buffer.cast::<u8>(), length(count)))
    };
    let done = locked(&handle.disk).write(&handle.name, position(offset), bytes);
    answer(done, ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: see the head of this file.
    let handle = unsafe { handle_of(file) };
    let done = locked(&handle.disk).truncate(&handle.name, position(size));
    answer(done, ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: see the head of this file.
    let handle = unsafe { handle_of(file) };
    let done = locked(&handle.disk).sync(&handle.name);
    answer(done, ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    size: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: see the head of this file.
    unsafe {
        let handle = handle_of(file);
        let length = locked(&handle.disk).length(&handle.name);
        *size = ffi::sqlite3_int64::try_from(length).unwrap_or(ffi::sqlite3_int64::MAX);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: see the head of this file.
    let handle = unsafe { handle_of(file) };
    let mut disk = locked(&handle.disk);
    let locks = disk.locks.entry(handle.name.clone()).or_default();
    if locks.raise(handle.holder, level_of(level)) { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: see the head of this file.
    let handle = unsafe { handle_of(file) };
    let mut disk = locked(&handle.disk);
    disk.locks.entry(handle.name.clone()).or_default().lower(handle.holder, level_of(level));
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved(file: *mut ffi::sqlite3_file, reserved: *mut c_int) -> c_int {
    // SAFETY: see the head of this file.
    unsafe {
        let handle = handle_of(file);
        let disk = locked(&handle.disk);
        *reserved = c_int::from(disk.locks.get(&handle.name).is_some_and(Locks::is_reserved));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(
    _file: *mut ffi::sqlite3_file,
    _operation: c_int,
    _argument: *mut c_void,
) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_file: *mut ffi::sqlite3_file) -> c_int {
    4096
}

/// What was not written does not change when the power goes, as on the phones' file systems.
unsafe extern "C" fn characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    bytes: c_int,
    make: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: see the head of this file; a region is freed only after the last `shm_unmap`.
    unsafe {
        let handle = handle_of(file);
        let mut disk = locked(&handle.disk);
        let locks = disk.locks.entry(handle.name.clone()).or_default();
        if !handle.mapped {
            handle.mapped = true;
            locks.map();
        }
        let region = locks.region(length(region), length(bytes), make != 0);
        *out = region.map_or(ptr::null_mut(), <*mut u64>::cast);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: see the head of this file.
    let handle = unsafe { handle_of(file) };
    let mut disk = locked(&handle.disk);
    let locks = disk.locks.entry(handle.name.clone()).or_default();
    let slots = length(offset)..length(offset) + length(count);
    if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        locks.release(handle.holder, slots);
        return ffi::SQLITE_OK;
    }
    let exclusive = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
    if locks.take(handle.holder, slots, exclusive) { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
}

unsafe extern "C" fn shm_barrier(_file: *mut ffi::sqlite3_file) {
    std::sync::atomic::fence(Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _delete: c_int) -> c_int {
    // SAFETY: see the head of this file.
    let handle = unsafe { handle_of(file) };
    if std::mem::take(&mut handle.mapped) {
        let mut disk = locked(&handle.disk);
        disk.locks.entry(handle.name.clone()).or_default().unmap(handle.holder);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_folder: c_int,
) -> c_int {
    // SAFETY: see the head of this file.
    let mut disk = locked(unsafe { disk_of(vfs) });
    match text(name) {
        Some(name) if disk.exists(&name) => {
            answer(disk.remove(&name, sync_folder != 0), ffi::SQLITE_IOERR_DELETE)
        }
        Some(_) | None => ffi::SQLITE_IOERR_DELETE_NOENT,
    }
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: see the head of this file.
    unsafe {
        let disk = locked(disk_of(vfs));
        *out = c_int::from(text(name).is_some_and(|name| disk.exists(&name)));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: the name ends with a zero, and there is room for so many bytes.
    unsafe {
        let bytes = CStr::from_ptr(name).to_bytes_with_nul();
        if bytes.len() > length(room) {
            return ffi::SQLITE_CANTOPEN;
        }
        ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len());
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn randomness(
    vfs: *mut ffi::sqlite3_vfs,
    count: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: there is room for so many bytes.
    unsafe {
        let mut disk = locked(disk_of(vfs));
        let out = std::slice::from_raw_parts_mut(out.cast::<u8>(), length(count));
        for chunk in out.chunks_mut(8) {
            let bytes = disk.dice.roll().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
    count
}

unsafe extern "C" fn sleep(_vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    microseconds
}

unsafe extern "C" fn current_time(_vfs: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    // SAFETY: there is room for one number.
    unsafe { *out = JULIAN_DAY };
    ffi::SQLITE_OK
}

unsafe extern "C" fn current_time_ms(
    vfs: *mut ffi::sqlite3_vfs,
    out: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: there is room for one number.
    unsafe {
        let mut disk = locked(disk_of(vfs));
        disk.time += 1;
        *out = JULIAN_MS + disk.time;
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn last_error(
    _vfs: *mut ffi::sqlite3_vfs,
    _room: c_int,
    _out: *mut c_char,
) -> c_int {
    0
}

fn answer(done: Result<(), Refused>, io: c_int) -> c_int {
    match done {
        Ok(()) => ffi::SQLITE_OK,
        Err(Refused::Full) => ffi::SQLITE_FULL,
        Err(Refused::Io) => io,
    }
}

fn level_of(level: c_int) -> Level {
    match level {
        ffi::SQLITE_LOCK_NONE => Level::None,
        ffi::SQLITE_LOCK_SHARED => Level::Shared,
        ffi::SQLITE_LOCK_RESERVED => Level::Reserved,
        ffi::SQLITE_LOCK_PENDING => Level::Pending,
        _ => Level::Exclusive,
    }
}

fn length(count: c_int) -> usize {
    usize::try_from(count).unwrap_or(0)
}

fn position(offset: ffi::sqlite3_int64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// 2026-03-03, noon.
const JULIAN_DAY: f64 = 2_461_103.0;
const JULIAN_MS: ffi::sqlite3_int64 = 2_461_103 * 86_400_000;

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};
